namespace Grains.Search.Schedulers;

/// <summary>What schedulers that judge one point at a time let a sampler know: how points ended, and nothing of those under way.</summary>
internal static class Endings
{
    /// <summary>Whether a point goes no further: it was stopped, failed, or has had its budget.</summary>
    public static bool IsOver(SearchBoard board, int point, int budget) => EndOf(board, point, budget) is not null;

    public static IReadOnlyList<Sighting>? Before(SearchBoard board, int index, int window, int budget)
    {
        var seen = new List<Sighting>();
        for (int point = 0; point <= index - window; point++)
        {
            if (EndOf(board, point, budget) is not { } epochs) return null;
            seen.Add(new Sighting(point, epochs));
        }
        return seen;
    }

    private static int? EndOf(SearchBoard board, int point, int budget) => board.VerdictOf(point) switch
    {
        Verdict.Stop stop => stop.Epochs,
        Verdict.Go { Epochs: var epochs } when board.OutcomeOf(point, epochs) is { } outcome
            && (epochs == budget || outcome is not Outcome.Measured) => epochs,
        _ => null,
    };
}
