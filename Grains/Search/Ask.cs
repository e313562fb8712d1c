using Grains.Interfaces.Model.Randomness;

namespace Grains.Search;

/// <summary>The request for one point.</summary>
/// <param name="Seed">The sweep's seed.</param>
/// <param name="Index">The index of the point, counted from 0 in logical order.</param>
/// <param name="Try">0 at first. It is higher where the points proposed for this index so far were known ones: then another is wanted.</param>
/// <param name="Planned">The number of points that the sweep is to have in all.</param>
public sealed record Ask(long Seed, int Index, int Try, int Planned)
{
    /// <summary>The number of points that are spread over the space before a model of the results proposes any.</summary>
    public int Startup { get; init; } = 10;

    /// <summary>The stream of random numbers for a purpose, which nobody else draws from.</summary>
    public KeyedStream Stream(string purpose) => KeyedStream.Of(Seed, 0, $"search {purpose}", "", ((long)Index << 16) + Try);
}
