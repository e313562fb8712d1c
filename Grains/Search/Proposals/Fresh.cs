using Grains.Interfaces.Model.Randomness;

namespace Grains.Search.Proposals;

/// <summary>
/// Picks a point that the history does not have. Workers that train side by side therefore never get one point twice, and a further try
/// gets another point than the tries before it.
/// </summary>
internal static class Fresh
{
    /// <summary>The number of draws in search of a new point, once all that was wanted is known.</summary>
    private const int MostDraws = 200;

    /// <summary>A space of at most so many points is looked through before it counts as exhausted.</summary>
    private const double MostListed = 20_000;

    /// <summary>
    /// The first of the wanted points that is new, or for try t the one after t others. Random points follow where there are not enough,
    /// and then the whole space if it is small. A space without a new point gives a known one.
    /// </summary>
    /// <param name="wanted">The points, the most wanted first. They must not depend on the try.</param>
    public static SearchPoint Pick(SearchSpace space, SearchHistory history, Ask ask, IEnumerable<SearchPoint> wanted)
    {
        var known = new HashSet<SearchPoint>(history.Observations.Select(o => o.Point).Concat(history.Pending), SamePoint.Comparer);
        SearchPoint? first = null;
        int others = ask.Try;
        foreach (var point in wanted.Concat(Drawn(space, ask)).Concat(Listed(space, ask)))
        {
            first ??= point;
            if (known.Add(point) && others-- == 0) return point;
        }
        return first!;
    }

    /// <summary>A point that is uniform in the unit cube.</summary>
    public static double[] Uniform(SearchSpace space, KeyedStream stream)
    {
        var unit = new double[space.Dimensions.Length];
        for (int i = 0; i < unit.Length; i++) unit[i] = stream.NextDouble();
        return unit;
    }

    private static IEnumerable<SearchPoint> Drawn(SearchSpace space, Ask ask)
    {
        var stream = (ask with { Try = 0 }).Stream("fresh");
        for (int i = 0; i < MostDraws; i++) yield return space.At(Uniform(space, stream));
    }

    private static IEnumerable<SearchPoint> Listed(SearchSpace space, Ask ask)
    {
        if (space.Count is not { } count || count > MostListed) yield break;
        int start = (ask with { Try = 0 }).Stream("listed").NextInt((int)count);
        for (int i = 0; i < count; i++) yield return space.GridPoint((start + i) % count);
    }
}
