using System.Globalization;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search.Schedulers;

/// <summary>
/// Stops a point at a rung where its objective is worse than the median of others there (Golovin et al. 2017, "Google Vizier", section
/// 3.2.1), made repeatable: it is compared with the points that lie further back than the window, or with the first window, whichever are
/// more. It waits until each of these has come to the rung or ended before.
/// </summary>
/// <param name="parallelism">The number of points that may be under way at once.</param>
public sealed class Median(Rungs rungs, int parallelism) : IScheduler
{
    /// <summary>Below this number of others there is no median to speak of.</summary>
    private const int FewestOthers = 3;

    private readonly List<int> _rung = [];

    public void Judge(SearchBoard board)
    {
        for (int point = _rung.Count; point < board.Proposed; point++)
        {
            _rung.Add(0);
            board.Decide(point, new Verdict.Go(rungs[0]));
        }
        bool moved = true;
        while (moved)
        {
            moved = false;
            for (int point = 0; point < board.Proposed; point++)
                while (Decide(board, point)) moved = true;
        }
    }

    public IReadOnlyList<Sighting>? Before(SearchBoard board, int index, int window) => Endings.Before(board, index, window, rungs[rungs.Top]);

    private bool Decide(SearchBoard board, int point)
    {
        int rung = _rung[point], epochs = rungs[rung];
        if (rung == rungs.Top || board.VerdictOf(point) is not Verdict.Go) return false;
        if (board.OutcomeOf(point, epochs) is not Outcome.Measured { Loss: var loss }) return false;
        var others = new List<double>();
        for (int other = 0; other < Math.Min(Math.Max(parallelism, point - parallelism + 1), board.Planned); other++)
        {
            if (other == point) continue;
            if (other >= board.Proposed)
            {
                if (board.Closed) break;
                return false;
            }
            if (board.OutcomeOf(other, epochs) is { } outcome) others.AddRange(outcome.Standing is { } value ? [value] : Array.Empty<double>());
            else if (!Endings.IsOver(board, other, rungs[rungs.Top])) return false;
        }
        double median = MedianOf(others);
        if (others.Count >= FewestOthers && !(loss <= median))
        {
            board.Decide(point, new Verdict.Stop(epochs, string.Create(CultureInfo.InvariantCulture,
                $"After {epochs} epochs it was worse than the median of {others.Count} others.")));
            return false;
        }
        _rung[point]++;
        board.Decide(point, new Verdict.Go(rungs[rung + 1]));
        return true;
    }

    private static double MedianOf(List<double> values)
    {
        if (values.Count == 0) return double.PositiveInfinity;
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
