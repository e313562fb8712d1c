namespace Grains.Search.Schedulers;

/// <summary>Trains every point to its budget.</summary>
public sealed class FullBudget : IScheduler
{
    private int _sent;

    public void Judge(SearchBoard board)
    {
        for (; _sent < board.Proposed; _sent++) board.Decide(_sent, new Verdict.Go(board.BudgetOf(_sent)));
    }

    public IReadOnlyList<Sighting>? Before(SearchBoard board, int index, int window)
    {
        var seen = new List<Sighting>();
        for (int point = 0; point <= index - window; point++)
        {
            if (board.OutcomeOf(point, board.BudgetOf(point)) is null) return null;
            seen.Add(new Sighting(point, board.BudgetOf(point)));
        }
        return seen;
    }
}
