using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs;

/// <summary>The result of reading a sweep file: a spec without errors, or every mistake in it by line and column.</summary>
public sealed record SpecReading(SweepSpec? Spec, ImmutableArray<SpecError> Errors)
{
    /// <summary>The warnings: what is no mistake and yet hardly meant. They are empty where there are errors.</summary>
    public ImmutableArray<SpecError> Warnings { get; init; } = [];
}
