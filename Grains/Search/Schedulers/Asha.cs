using System.Globalization;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search.Schedulers;

/// <summary>
/// Asynchronous successive halving (Li et al. 2020, "A System for Massively Parallel Hyperparameter Tuning", Algorithm 2), made repeatable:
/// the points that come to a rung form a stream, which is taken strictly in order. Whenever the best 1/reduction of those taken holds a
/// point that has not gone on, it goes on. A slow point delays those behind it in its stream, and changes nothing.
/// </summary>
public sealed class Asha : IScheduler
{
    private readonly Rungs _rungs;
    private readonly SearchStream[] _streams;
    private readonly Ladder[] _ladders;
    private int _entered;

    public Asha(Rungs rungs)
    {
        _rungs = rungs;
        _streams = [.. rungs.Epochs.Select(e => new SearchStream(e))];
        _ladders = [.. rungs.Epochs.Select(_ => new Ladder())];
    }

    public void Judge(SearchBoard board)
    {
        for (; _entered < board.Proposed; _entered++) Send(board, 0, _entered, _entered);
        for (int rung = 0; rung <= _rungs.Top; rung++)
        {
            // What is taken here adds to the next stream only, so that one pass upwards suffices.
            while (_streams[rung].Next is { } entry && board.OutcomeOf(entry.Point, _rungs[rung]) is { } outcome)
            {
                _streams[rung].Take();
                if (outcome.Standing is not { } loss || rung == _rungs.Top) continue;
                _ladders[rung].Add(entry.Point, loss);
                foreach (int point in _ladders[rung].Promoted(_rungs.Reduction)) Send(board, rung + 1, point, entry.Tick);
            }
        }
        if (!board.Closed || _streams.Any(s => s.Next is not null)) return;
        if (_streams[^1].Entries.Count == 0 && SendTheBest(board)) return;
        StopTheRest(board);
    }

    /// <summary>
    /// Where the points were too few for anyone to come to the budget by right, the best of the highest rung goes on, so that a search ends
    /// with a whole training.
    /// </summary>
    private bool SendTheBest(SearchBoard board)
    {
        for (int rung = _rungs.Top - 1; rung >= 0; rung--)
        {
            if (_ladders[rung].Best() is not { } point) continue;
            Send(board, rung + 1, point, board.Proposed - 1);
            return true;
        }
        return false;
    }

    public IReadOnlyList<Sighting>? Before(SearchBoard board, int index, int window)
    {
        var seen = new List<Sighting>();
        for (int rung = 0; rung <= _rungs.Top; rung++)
        {
            int last = index - (rung + 1) * window;
            for (int i = 0; i < _streams[rung].Entries.Count && _streams[rung].Entries[i].Tick <= last; i++)
            {
                if (i >= _streams[rung].Taken) return null;
                seen.Add(new Sighting(_streams[rung].Entries[i].Point, _rungs[rung]));
            }
        }
        return seen;
    }

    private void Send(SearchBoard board, int rung, int point, int tick)
    {
        _streams[rung].Add(point, tick);
        board.Decide(point, new Verdict.Go(_rungs[rung]));
    }

    private void StopTheRest(SearchBoard board)
    {
        for (int rung = 0; rung < _rungs.Top; rung++)
        {
            foreach (var (point, place) in _ladders[rung].Rest())
            {
                if (board.VerdictOf(point) is not Verdict.Go || board.OutcomeOf(point, _rungs[rung]) is not Outcome.Measured) continue;
                board.Decide(point, new Verdict.Stop(_rungs[rung], string.Create(CultureInfo.InvariantCulture,
                    $"After {_rungs[rung]} epochs it was number {place} of {_ladders[rung].Count}; one in {_rungs.Reduction} went on.")));
            }
        }
    }

    /// <summary>The points of a rung by loss, the earlier one first on a tie.</summary>
    private sealed class Ladder
    {
        private readonly SortedSet<(double Loss, int Order, int Point)> _waiting = [];
        private readonly List<(double Loss, int Order)> _gone = [];
        private int _taken;

        public int Count => _taken;

        public void Add(int point, double loss) => _waiting.Add((loss, _taken++, point));

        /// <summary>Takes out the points that are among the best so far and have not gone on. One that diverged never goes on.</summary>
        public IEnumerable<int> Promoted(int reduction)
        {
            while (_waiting.Count > 0 && _waiting.Min is var (loss, order, point) && double.IsFinite(loss)
                && _gone.Count(g => g.CompareTo((loss, order)) < 0) < _taken / reduction)
            {
                _waiting.Remove(_waiting.Min);
                _gone.Add((loss, order));
                yield return point;
            }
        }

        /// <summary>Takes out the best of those that did not go on; null where all of them diverged.</summary>
        public int? Best()
        {
            if (_waiting.Count == 0 || !double.IsFinite(_waiting.Min.Loss)) return null;
            var (loss, order, point) = _waiting.Min;
            _waiting.Remove(_waiting.Min);
            _gone.Add((loss, order));
            return point;
        }

        /// <summary>Those that did not go on, with their places among all.</summary>
        public IEnumerable<(int Point, int Place)> Rest() =>
            _waiting.Select(w => (w.Point, 1 + _waiting.Count(x => x.CompareTo(w) < 0) + _gone.Count(g => g.CompareTo((w.Loss, w.Order)) < 0)));
    }
}
