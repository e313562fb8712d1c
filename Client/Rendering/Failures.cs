using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Rendering;

/// <summary>Explains why trials failed, wherever a person sees that some did.</summary>
internal static class Failures
{
    private const int MostReasons = 10;

    /// <summary>Returns the trials of the sweep that failed.</summary>
    public static async Task<IReadOnlyList<TrialView>> Of(ClusterConnection connection, SweepSummary sweep,
        CancellationToken cancellationToken)
    {
        if (sweep.Trials.Failed == 0) return [];
        var trials = await ClusterConnection.Ask(() => connection.Reader.Trials(sweep.Id, cancellationToken), cancellationToken);
        return [.. trials.Where(t => t.State == TrialState.Failed)];
    }

    public static IReadOnlyList<string> Lines(IEnumerable<TrialView> trials) =>
        Lines(trials.Where(t => t.State == TrialState.Failed).Select(t => (t.Number, t.Reason)));

    /// <summary>Returns a line for each reason, with the trials that have it.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<(int Number, string? Reason)> failed)
    {
        var reasons = failed.GroupBy(t => t.Reason ?? "no reason is recorded").OrderBy(g => g.Min(t => t.Number)).ToList();
        var lines = reasons.Take(MostReasons)
            .Select(g => $"{(g.Count() == 1 ? "trial" : "trials")} {Words.Numbers(g.Select(t => t.Number))} failed: {g.Key}").ToList();
        if (reasons.Count > MostReasons) lines.Add($"… and {reasons.Count - MostReasons} more reasons; --format json has them");
        return lines;
    }
}
