using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs;

/// <summary>What reading a sweep file gave: a spec without errors, or every mistake in it by line and column.</summary>
public sealed record SpecReading(SweepSpec? Spec, ImmutableArray<SpecError> Errors)
{
    /// <summary>What is no mistake and yet hardly meant; empty where there are errors.</summary>
    public ImmutableArray<SpecError> Warnings { get; init; } = [];
}
