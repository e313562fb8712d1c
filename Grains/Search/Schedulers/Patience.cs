using System.Globalization;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search.Schedulers;

/// <summary>
/// Stops a point that has not become better from one rung to the next (early stopping, Prechelt 1998). It looks at no other point.
/// </summary>
public sealed class Patience(Rungs rungs) : IScheduler
{
    private readonly List<int> _rung = [];

    public void Judge(SearchBoard board)
    {
        for (int point = _rung.Count; point < board.Proposed; point++)
        {
            _rung.Add(0);
            board.Decide(point, new Verdict.Go(rungs[0]));
        }
        for (int point = 0; point < board.Proposed; point++)
            while (Decide(board, point)) continue;
    }

    public IReadOnlyList<Sighting>? Before(SearchBoard board, int index, int window) => Endings.Before(board, index, window, rungs[rungs.Top]);

    private bool Decide(SearchBoard board, int point)
    {
        int rung = _rung[point];
        if (rung == rungs.Top || board.VerdictOf(point) is not Verdict.Go) return false;
        if (board.OutcomeOf(point, rungs[rung]) is not Outcome.Measured { Loss: var loss }) return false;
        if (rung > 0 && board.OutcomeOf(point, rungs[rung - 1]) is Outcome.Measured { Loss: var before } && !(loss < before))
        {
            board.Decide(point, new Verdict.Stop(rungs[rung], string.Create(CultureInfo.InvariantCulture,
                $"It did not become better from epoch {rungs[rung - 1]} to epoch {rungs[rung]}.")));
            return false;
        }
        _rung[point]++;
        board.Decide(point, new Verdict.Go(rungs[rung + 1]));
        return true;
    }
}
