using System.Globalization;

namespace Grains.Search.Schedulers;

/// <summary>Stops a point that has not become better for so many epochs (early stopping, Prechelt 1998). It looks at no other point.</summary>
/// <param name="epochs">The patience in epochs.</param>
/// <param name="budget">The epochs of a whole training.</param>
public sealed class Patience(int epochs, int budget) : IScheduler
{
    private readonly List<int> _sent = [];

    public void Judge(SearchBoard board)
    {
        for (int point = _sent.Count; point < board.Proposed; point++) Send(board, point, Math.Min(epochs, budget));
        for (int point = 0; point < board.Proposed; point++)
            while (Decide(board, point)) continue;
    }

    public IReadOnlyList<Sighting>? Before(SearchBoard board, int index, int window) => Endings.Before(board, index, window, budget);

    private bool Decide(SearchBoard board, int point)
    {
        int at = _sent[point];
        if (at == budget || board.VerdictOf(point) is not Verdict.Go) return false;
        if (board.OutcomeOf(point, at) is not Outcome.Measured { Loss: var loss }) return false;
        if (at > epochs && board.OutcomeOf(point, at - epochs) is Outcome.Measured { Loss: var before } && !(loss < before))
        {
            board.Decide(point, new Verdict.Stop(at, string.Create(CultureInfo.InvariantCulture,
                $"It did not become better in {epochs} epochs.")));
            return false;
        }
        Send(board, point, Math.Min(at + epochs, budget));
        return true;
    }

    private void Send(SearchBoard board, int point, int upTo)
    {
        if (point == _sent.Count) _sent.Add(upTo);
        else _sent[point] = upTo;
        board.Decide(point, new Verdict.Go(upTo));
    }
}
