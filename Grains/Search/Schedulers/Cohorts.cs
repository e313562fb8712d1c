using System.Globalization;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search.Schedulers;

/// <summary>
/// Successive halving in blocks (Jamieson and Talwalkar 2016), and with blocks of several kinds Hyperband (Li et al. 2018, Algorithm 1). A
/// block takes the next points. When all that are left of it have come to a rung, its best 1/reduction goes on and the others stop. All
/// blocks run at once.
/// </summary>
public sealed class Cohorts : IScheduler
{
    private readonly Rungs _rungs;
    private readonly IEnumerator<Bracket> _brackets;
    private readonly List<Cohort> _cohorts = [];
    private int _entered;

    /// <param name="brackets">The kinds of blocks in their order, without end.</param>
    public Cohorts(Rungs rungs, IEnumerable<Bracket> brackets)
    {
        _rungs = rungs;
        _brackets = brackets.GetEnumerator();
    }

    public void Judge(SearchBoard board)
    {
        for (; _entered < board.Proposed; _entered++) Enter(board, _entered);
        foreach (var cohort in _cohorts) Judge(board, cohort);
    }

    public IReadOnlyList<Sighting>? Before(SearchBoard board, int index, int window)
    {
        var seen = new List<Sighting>();
        foreach (var cohort in _cohorts)
        {
            for (int depth = 0; depth < cohort.Levels.Count; depth++)
            {
                int last = index - (depth + 1) * window;
                if (depth > 0 && cohort.Last(board) > last) break;
                foreach (int point in cohort.Levels[depth].Where(p => depth > 0 || p <= last))
                {
                    int epochs = _rungs[cohort.FirstRung + depth];
                    if (board.OutcomeOf(point, epochs) is null) return null;
                    seen.Add(new Sighting(point, epochs));
                }
            }
        }
        return seen;
    }

    private void Enter(SearchBoard board, int point)
    {
        if (_cohorts.Count == 0 || _cohorts[^1].Levels[0].Count == _cohorts[^1].Size)
        {
            if (!_brackets.MoveNext()) throw new InvalidOperationException("The kinds of blocks have an end.");
            _cohorts.Add(new Cohort(_brackets.Current.Size, _brackets.Current.FirstRung));
        }
        _cohorts[^1].Levels[0].Add(point);
        board.Decide(point, new Verdict.Go(_rungs[_cohorts[^1].FirstRung]));
    }

    private void Judge(SearchBoard board, Cohort cohort)
    {
        // A block that is not full yet gets more points, unless there are no more.
        while (cohort.IsFull || board.Closed)
        {
            int rung = cohort.FirstRung + cohort.Levels.Count - 1, epochs = _rungs[rung];
            var level = cohort.Levels[^1];
            if (rung == _rungs.Top || level.Count == 0 || level.Any(p => board.OutcomeOf(p, epochs) is null)) return;
            var ranked = level.Select(p => (Point: p, Loss: board.OutcomeOf(p, epochs)!.Standing)).Where(p => p.Loss is not null)
                .OrderBy(p => p.Loss).ThenBy(p => p.Point).ToList();
            int places = Bracket.Places(level.Count, _rungs.Reduction);
            var best = ranked.Take(places).Where(p => double.IsFinite(p.Loss!.Value)).Select(p => p.Point).ToList();
            foreach (var (place, (point, _)) in ranked.Index())
            {
                if (best.Contains(point)) board.Decide(point, new Verdict.Go(_rungs[rung + 1]));
                else if (board.OutcomeOf(point, epochs) is Outcome.Measured)
                    board.Decide(point, Stopped(epochs, place + 1, ranked.Count, best.Count));
            }
            cohort.Levels.Add(best);
        }
    }

    private static Verdict.Stop Stopped(int epochs, int place, int of, int went) => new(epochs, string.Create(CultureInfo.InvariantCulture,
        $"After {epochs} epochs it was number {place} of {of}; the best {went} went on."));

    private sealed class Cohort(int size, int firstRung)
    {
        public int Size => size;

        public int FirstRung => firstRung;

        /// <summary>The points that were sent to each rung, from the first.</summary>
        public List<List<int>> Levels { get; } = [[]];

        public bool IsFull => Levels[0].Count == size;

        /// <summary>The last of its points, which brought the others further.</summary>
        public int Last(SearchBoard board) => IsFull || board.Closed ? Levels[0][^1] : int.MaxValue;
    }
}
