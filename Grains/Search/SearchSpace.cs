using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search;

/// <summary>The space of a sweep, made of its parameters.</summary>
public sealed class SearchSpace
{
    /// <summary>The space of a spec's parameters, with the rules by which they act.</summary>
    public static SearchSpace Of(SweepSpec spec) => throw new NotImplementedException(spec.Name);

    /// <summary>The point of a recorded proposal or of a trial that the file names. What lies outside a range has the coordinate of its end.</summary>
    public SearchPoint PointOf(ImmutableSortedDictionary<string, SettingValue> settings) => throw new NotImplementedException();
}
