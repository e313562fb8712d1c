using Grains.Search;

namespace Tests.Unit.Search;

/// <summary>
/// Plays a search with a number of slots that finish in random order, without any cluster. It writes down what was decided of each point
/// and what each proposal was let to know.
/// </summary>
public sealed class BoardGame(IScheduler scheduler, int points, int budget, int window, Func<int, int, Outcome> outcomeOf)
{
    private readonly SearchBoard _board = new(points);
    private readonly Dictionary<int, int> _came = [];

    public List<string> Known { get; } = [];

    public SearchBoard Board => _board;

    /// <summary>The epochs that were trained in all.</summary>
    public int Epochs => _came.Values.Sum();

    public string Story => string.Join('\n', Enumerable.Range(0, _board.Proposed).Select(i => $"{i} {_board.VerdictOf(i)}").Concat(Known));

    public BoardGame Play(int slots, int seed)
    {
        var luck = new Random(seed);
        var busy = new List<(int Point, int Epochs)>();
        while (true)
        {
            Advance();
            var waiting = Enumerable.Range(0, _board.Proposed)
                .Where(i => _board.VerdictOf(i) is Verdict.Go { Epochs: var e } && _board.OutcomeOf(i, e) is null && busy.All(b => b.Point != i))
                .ToList();
            while (busy.Count < slots && waiting.Count > 0)
            {
                int next = luck.Next(waiting.Count);
                busy.Add((waiting[next], ((Verdict.Go)_board.VerdictOf(waiting[next])!).Epochs));
                waiting.RemoveAt(next);
            }
            if (busy.Count == 0) return this;
            int done = luck.Next(busy.Count);
            var (point, epochs) = busy[done];
            busy.RemoveAt(done);
            _came[point] = epochs;
            _board.Learn(point, epochs, outcomeOf(point, epochs));
        }
    }

    private void Advance()
    {
        while (true)
        {
            scheduler.Judge(_board);
            if (_board.Closed) return;
            if (_board.Proposed == points)
            {
                _board.Close();
                continue;
            }
            if (scheduler.Before(_board, _board.Proposed, window) is not { } seen) return;
            Known.Add($"{_board.Proposed}: {string.Join(' ', seen.Select(s => $"{s.Point}@{s.Epochs}"))}");
            _board.Propose(budget);
        }
    }
}
