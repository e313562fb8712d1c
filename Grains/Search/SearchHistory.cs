using System.Collections.Immutable;

namespace Grains.Search;

/// <summary>
/// What a sampler may know when it proposes a point. It is decided by logical order alone, never by what has arrived, so that a search
/// repeats (see docs/search.md).
/// </summary>
/// <param name="Observations">The measured losses: by epochs, then by point.</param>
/// <param name="Pending">The points that were proposed and have no observation here, by index.</param>
public sealed record SearchHistory(ImmutableArray<Observation> Observations, ImmutableArray<SearchPoint> Pending)
{
    public static readonly SearchHistory Empty = new([], []);
}

/// <summary>The loss of a point after so many epochs. A point has one for each rung that it came to.</summary>
/// <param name="Index">The index of the point.</param>
/// <param name="Epochs">The epochs after which it was read.</param>
/// <param name="Loss">The objective's mean over the replicates, smaller is better: a maximized metric has its sign turned. It is
/// positive infinity where the point diverged.</param>
public sealed record Observation(int Index, SearchPoint Point, int Epochs, double Loss);
