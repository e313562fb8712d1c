using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search;

/// <summary>
/// One search as a deterministic program: outcomes in, decisions out. It blocks on named outcomes and never asks what has arrived, so that
/// the same outcomes give the same decisions in any order of arrival, on any number of slots. It is made anew from the recorded proposals
/// and outcomes after a crash. It is not safe for two threads.
/// </summary>
public sealed class SearchRun
{
    /// <summary>After so many known points in a row the space counts as exhausted.</summary>
    private const int MostTries = 64;

    private readonly SearchPlan _plan;
    private readonly SearchSpace _space;
    private readonly ISampler? _sampler;
    private readonly IScheduler _scheduler;
    private readonly SearchBoard _board;
    private readonly List<SearchPoint> _points = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<int> _diverged = [];
    private int _told;

    /// <param name="sampler">What proposes the points that the plan does not give; null where it gives all.</param>
    public SearchRun(SearchPlan plan, ISampler? sampler, IScheduler scheduler)
    {
        (_plan, _sampler, _scheduler) = (plan, sampler, scheduler);
        _space = SearchSpace.Of(plan.Spec);
        _board = new SearchBoard(plan.Planned);
    }

    /// <summary>Whether there is nothing left to decide or to wait for.</summary>
    public bool IsFinished => _board.Closed && _board.IsQuiet && _told == _board.Decisions.Count;

    /// <summary>The number of points that were proposed.</summary>
    public int Proposed => _board.Proposed;

    /// <summary>Why no more points are proposed, although more were asked for; null where that is not so.</summary>
    public string? Ending { get; private set; }

    /// <summary>Takes a proposal that was recorded. Recorded proposals come first, and in their order.</summary>
    public void Restore(PlannedPoint recorded) => Add(recorded);

    public void Learn(int point, int epochs, Outcome outcome) => _board.Learn(point, epochs, outcome);

    /// <summary>
    /// Decides all that follows from what is known. After a restart the decisions of before are among them, since they follow again.
    /// </summary>
    public IReadOnlyList<SearchStep> Advance()
    {
        var steps = new List<SearchStep>();
        while (true)
        {
            _scheduler.Judge(_board);
            for (; _told < _board.Decisions.Count; _told++) steps.Add(StepOf(_board.Decisions[_told]));
            if (_board.Closed) break;
            if (_board.Proposed == _plan.Planned) _board.Close();
            else if (Next(out bool waits) is { } point)
            {
                steps.Add(new SearchStep.Propose(_board.Proposed, point));
                Add(point);
            }
            else if (waits) break;
            else _board.Close();
        }
        steps.AddRange(StopDiverged());
        return steps;
    }

    /// <summary>A point diverges as soon as one replicate does. The others, which wait with it, go no further either.</summary>
    private IEnumerable<SearchStep> StopDiverged()
    {
        for (int point = 0; point < _board.Proposed; point++)
        {
            if (_board.VerdictOf(point) is Verdict.Go { Epochs: var epochs } && _board.OutcomeOf(point, epochs) is Outcome.Diverged
                && _diverged.Add(point))
                yield return new SearchStep.Stop(point, epochs, "Another replicate of its point diverged.");
        }
    }

    private static SearchStep StepOf((int Point, Verdict Verdict) decision) => decision.Verdict switch
    {
        Verdict.Go go => new SearchStep.Go(decision.Point, go.Epochs),
        Verdict.Stop stop => new SearchStep.Stop(decision.Point, stop.Epochs, stop.Reason),
        var other => throw new InvalidOperationException($"No step of {other.GetType().Name}."),
    };

    private void Add(PlannedPoint point)
    {
        _known.Add(point.Key);
        _points.Add(_space.PointOf(point.Own));
        _board.Propose(point.Epochs);
    }

    /// <summary>The next point; null where it waits for outcomes, or where the space has no other.</summary>
    private PlannedPoint? Next(out bool waits)
    {
        waits = false;
        int index = _board.Proposed;
        var (search, history) = (_plan.Spec.Search, SearchHistory.Empty);
        bool learns = index >= _plan.Given.Length && search.Sampler.Learns();
        if (learns || search.Stop is not null)
        {
            if (_scheduler.Before(_board, index, search.Parallelism) is not { } seen)
            {
                waits = true;
                return null;
            }
            history = HistoryOf(seen, index);
            if (search.Stop is { } stop && StopRules.Ending(stop, _plan.Spec.Objective, index, history, EpochsOf(seen)) is { } ending)
            {
                Ending = ending;
                return null;
            }
        }
        if (index < _plan.Given.Length) return _plan.Given[index];
        if (_sampler is null) return null;
        for (int attempt = 0; attempt < MostTries; attempt++)
        {
            var ask = new Ask(_plan.Spec.Seed, index, attempt, _plan.Planned) { Startup = _plan.Spec.Search.Startup };
            var proposed = SearchPlan.Point(_plan.Spec, _sampler.Propose(_space, history, ask).Settings);
            if (proposed is not null && !_known.Contains(proposed.Key)) return proposed;
        }
        Ending = $"The space has no further point after {index}.";
        return null;
    }

    /// <summary>The epochs that the trials of the points have come to, together.</summary>
    private long EpochsOf(IEnumerable<Sighting> seen) =>
        seen.GroupBy(s => s.Point).Sum(point => (long)point.Max(s => s.Epochs)) * _plan.Spec.Replicates;

    private SearchHistory HistoryOf(IReadOnlyList<Sighting> seen, int index)
    {
        // With whole trainings a budget that varies is a dimension like the others, and no rung.
        bool rungs = _plan.Spec.Search.Scheduler != SchedulerKind.Full;
        var observations = seen
            .Select(s => (s.Point, Epochs: rungs ? s.Epochs : _plan.Budget, Loss: _board.OutcomeOf(s.Point, s.Epochs)!.Standing))
            .Where(s => s.Loss is not null)
            .OrderBy(s => s.Epochs).ThenBy(s => s.Point)
            .Select(s => new Observation(s.Point, _points[s.Point], s.Epochs, s.Loss!.Value)).ToImmutableArray();
        var observed = observations.Select(o => o.Index).ToHashSet();
        return new SearchHistory(observations, [.. Enumerable.Range(0, index).Where(i => !observed.Contains(i)).Select(i => _points[i])]);
    }
}
