namespace Grains.Search;

/// <summary>
/// What is known and decided of a search's points. Outcomes come in any order; a scheduler adds verdicts. All of it can be made anew from
/// the proposals and the outcomes.
/// </summary>
/// <param name="planned">The number of points that there may be.</param>
public sealed class SearchBoard(int planned)
{
    private readonly List<int> _budgets = [];
    private readonly List<Verdict?> _verdicts = [];
    private readonly Dictionary<(int Point, int Epochs), Outcome> _outcomes = [];
    private readonly List<(int Point, Verdict Verdict)> _decisions = [];

    public int Planned => planned;

    /// <summary>The number of points that were proposed.</summary>
    public int Proposed => _verdicts.Count;

    /// <summary>Whether no further point will be proposed.</summary>
    public bool Closed { get; private set; }

    /// <summary>The decisions in the order in which they were made.</summary>
    public IReadOnlyList<(int Point, Verdict Verdict)> Decisions => _decisions;

    /// <summary>Whether nothing is waited for: every point that goes on has come to where it was sent.</summary>
    public bool IsQuiet => Enumerable.Range(0, Proposed).All(IsAtRest);

    /// <param name="budget">The epochs of the point's whole training.</param>
    public void Propose(int budget)
    {
        _budgets.Add(budget);
        _verdicts.Add(null);
    }

    public void Close() => Closed = true;

    public int BudgetOf(int point) => _budgets[point];

    /// <summary>Notes what a point came to. What is known already stays.</summary>
    public void Learn(int point, int epochs, Outcome outcome) => _outcomes.TryAdd((point, epochs), outcome);

    public Outcome? OutcomeOf(int point, int epochs) => _outcomes.GetValueOrDefault((point, epochs));

    public Verdict? VerdictOf(int point) => _verdicts[point];

    public void Decide(int point, Verdict verdict)
    {
        _verdicts[point] = verdict;
        _decisions.Add((point, verdict));
    }

    /// <summary>Whether a point waits at a rung, or has ended: it is stopped, or its outcome is known where it was sent.</summary>
    public bool IsAtRest(int point) => _verdicts[point] switch
    {
        Verdict.Go { Epochs: var epochs } => OutcomeOf(point, epochs) is not null,
        Verdict.Stop => true,
        _ => false,
    };
}
