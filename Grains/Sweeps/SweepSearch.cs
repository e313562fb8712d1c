using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Grains.Search.Setup;
using Grains.Storage.Journal;

namespace Grains.Sweeps;

/// <summary>
/// The search of one sweep. It reads what the trials came to from the journal, and says what follows. All that it remembers it can read
/// again: the proposals stand in the trials' rows, and the same outcomes lead to the same decisions.
/// </summary>
public sealed class SweepSearch
{
    private readonly SweepId _id;
    private readonly JournalReader _reader;
    private readonly Ranking _ranking;
    private readonly SearchRun _run;
    private readonly Rungs _rungs;
    private readonly Dictionary<int, TrialOutcomes> _trials = [];

    private SweepSearch(SweepRow row, SweepSpec spec, SearchPlan plan, JournalReader reader)
    {
        (_id, _reader, _ranking, Row, Spec) = (new SweepId(row.Id), reader, SweepFacts.RankingOf(row), row, spec);
        _rungs = Rungs.Of(spec.Search, plan.Budget);
        _run = SearchSetup.Of(plan);
    }

    public SweepRow Row { get; }

    /// <summary>The spec, as large as the sweep was extended to be.</summary>
    public SweepSpec Spec { get; }

    /// <summary>Whether there is nothing left to decide or to wait for.</summary>
    public bool IsFinished => _run.IsFinished;

    /// <summary>Why no more points are proposed, although more were asked for; null where that is not so.</summary>
    public string? Ending => _run.Ending;

    /// <summary>Takes up the search of a sweep where the journal has it; null where the sweep has nothing to decide.</summary>
    public static async Task<SweepSearch?> Open(SweepRow row, JournalReader reader)
    {
        if (SweepSpecs.OfSearch(row) is not { } spec) return null;
        var id = new SweepId(row.Id);
        spec = SweepPlanner.Extend(spec, await reader.Extension(id));
        var search = new SweepSearch(row, spec, SearchPlan.Of(spec), reader);
        var trials = await reader.Trials(id);
        foreach (var trial in trials.Where(t => t.Replicate == 1)) search._run.Restore(search.PointOf(trial));
        await search.Learn(trials);
        return search;
    }

    /// <summary>The decisions that follow from what these trainings came to, besides what was known.</summary>
    public async Task<IReadOnlyList<SearchStep>> Next(IReadOnlyCollection<string> moved)
    {
        if (moved.Count > 0) await Learn(await _reader.Trials(_id, moved));
        return _run.Advance();
    }

    /// <summary>The numbers of a point's trials.</summary>
    public IEnumerable<int> TrialsOf(int point) => Enumerable.Range(point * Spec.Replicates + 1, Spec.Replicates);

    /// <summary>Prepares the trials of the points that the steps propose, each for the epochs that it is granted first.</summary>
    /// <exception cref="SpecException">A point does not fit the data, or these are no longer there.</exception>
    public async Task<PreparedSweep> Lay(IReadOnlyList<SearchStep> steps, SweepPreparation preparation, CancellationToken cancellationToken)
    {
        var proposals = steps.OfType<SearchStep.Propose>().ToList();
        if (proposals.Count == 0) return new PreparedSweep([], [], []);
        var granted = steps.OfType<SearchStep.Go>().ToLookup(g => g.Point, g => g.Epochs);
        var trials = proposals.SelectMany(p => TrialsOf(p.Point).Select((number, i) => new PlannedTrial(number, p.What, i + 1))).ToList();
        var prepared = await preparation.Lay(Row, Spec, trials, cancellationToken);
        var points = trials.ToDictionary(t => t.Number, t => (t.Point.Own, Granted: granted[(t.Number - 1) / Spec.Replicates].Max()));
        return prepared with
        {
            Trials = [.. prepared.Trials.Select(t => t with
            {
                Granted = points[t.Number].Granted,
                Own = Canonical.Json(points[t.Number].Own),
            })],
        };
    }

    private PlannedPoint PointOf(TrialRow trial) =>
        SweepPlanner.PointOf(Spec, trial.Name, Canonical.Read<ImmutableSortedDictionary<string, SettingValue>>(trial.Own!));

    private async Task Learn(IEnumerable<TrialRow> trials)
    {
        var points = new SortedSet<int>();
        foreach (var trial in trials)
        {
            _trials[trial.Number] = await OutcomesOf(trial);
            points.Add((trial.Number - 1) / Spec.Replicates);
        }
        foreach (int point in points) Learn(point);
    }

    private void Learn(int point)
    {
        var replicates = TrialsOf(point).Select(_trials.GetValueOrDefault).ToArray();
        if (replicates.Contains(null)) return;
        foreach (int epochs in replicates.SelectMany(r => r!.ByEpochs.Keys).Distinct().Order())
        {
            var outcomes = replicates.Select(r => r!.At(epochs)).ToArray();
            if (!outcomes.Contains(null)) _run.Learn(point, epochs, Together(outcomes!));
        }
    }

    /// <summary>
    /// The outcome of a point: the mean over its replicates. One that diverges makes the point diverge; one that was lost does not count.
    /// </summary>
    private static Outcome Together(IReadOnlyCollection<Outcome> replicates)
    {
        if (replicates.OfType<Outcome.Diverged>().Any()) return new Outcome.Diverged();
        var losses = replicates.OfType<Outcome.Measured>().Select(m => m.Loss).ToList();
        return losses.Count == 0 ? new Outcome.Lost() : new Outcome.Measured(losses.Average());
    }

    /// <summary>
    /// What a trial came to at each rung. The last rung counts when its state is kept, so that the trial can go on from there or has its
    /// final weights when it is stopped.
    /// </summary>
    private async Task<TrialOutcomes> OutcomesOf(TrialRow trial)
    {
        var byEpochs = new Dictionary<int, Outcome>();
        var best = new BestSoFar(_ranking);
        bool settled = trial.State is not TrialState.Pending || trial.Waits == 1;
        foreach (var m in await _reader.Measurements(new Digest(trial.Recipe), trial.Visible))
        {
            best.Take(m.Epoch, new MetricValues(m.Metrics));
            bool isRung = _rungs.Epochs.Contains(m.Epoch) || m.Epoch == trial.Epochs;
            if (isRung && (m.Epoch < trial.Granted || settled)) byEpochs[m.Epoch] = new Outcome.Measured(Loss(best.Reading!.Value));
        }
        if (trial.State == TrialState.Failed)
        {
            Outcome end = trial.Failure?.IsOfTheRecipe() == true ? new Outcome.Diverged() : new Outcome.Lost();
            byEpochs[trial.Granted] = end;
        }
        return new TrialOutcomes(byEpochs, trial.State == TrialState.Failed ? trial.Granted : int.MaxValue);
    }

    private double Loss(double objective) => _ranking.Objective.Goal == Goal.Maximize ? -objective : objective;

    /// <summary>What a trial came to at each rung. One that failed speaks with its end at every later rung too.</summary>
    private sealed record TrialOutcomes(IReadOnlyDictionary<int, Outcome> ByEpochs, int FailedAt)
    {
        public Outcome? At(int epochs) => ByEpochs.GetValueOrDefault(Math.Min(epochs, FailedAt));
    }
}
