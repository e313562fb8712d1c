using System.Globalization;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search;

/// <summary>Says when a search has seen enough.</summary>
internal static class StopRules
{
    /// <param name="index">The index of the next proposal.</param>
    /// <param name="history">What that proposal may know.</param>
    /// <param name="epochs">The epochs that the trials in that history have come to, together.</param>
    /// <returns>The reason to propose no more; null to go on.</returns>
    public static string? Ending(StopSpec stop, Objective objective, int index, SearchHistory history, long epochs)
    {
        // A point speaks by the last of its rungs.
        var last = history.Observations.GroupBy(o => o.Index).Select(g => g.MaxBy(o => o.Epochs)!).OrderBy(o => o.Index).ToList();
        if (index >= stop.Trials) return Text($"No more points after {stop.Trials}, by stop.trials.");
        if (epochs >= stop.Epochs) return Text($"No more points after {epochs} epochs, by stop.epochs.");
        if (last.Count == 0) return null;
        var best = last.MinBy(o => o.Loss)!;
        double worst = objective.Goal == Goal.Maximize ? -1 : 1;
        if (stop.Target is { } target && best.Loss <= worst * target)
            return Text($"Point {best.Index + 1} has {objective.Metric} {worst * best.Loss:G4}, which is enough by stop.target.");
        int since = last.Count(o => o.Index > best.Index);
        return since >= stop.Patience ? Text($"No point was better than point {best.Index + 1} in {since}, by stop.patience.") : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
