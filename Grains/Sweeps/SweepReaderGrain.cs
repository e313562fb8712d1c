using System.Runtime.CompilerServices;
using Grains.Analysis;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;
using Grains.Interfaces.Model.Views;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Grains.Telemetry;
using Orleans.Concurrency;

namespace Grains.Sweeps;

/// <summary>Answers everything that a person looks at. It decides nothing, so it runs on any silo and in as many copies as asked.</summary>
[StatelessWorker]
public sealed class SweepReaderGrain(
    JournalReader reader, SweepFacts facts, SweepEffects effects, SweepTallies tallies, SweepLayout layout, CheckpointStore checkpoints,
    SpanStore spans, TimeProvider clock)
    : Grain, ISweepReaderGrain
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250), SnapshotInterval = TimeSpan.FromSeconds(1),
        BrokerPatience = TimeSpan.FromSeconds(2);
    private const int PieceBytes = 1 << 20, MeasurementsAtOnce = 1000;

    public async Task<SweepSummary[]> List(CancellationToken cancellationToken)
    {
        var summaries = new List<SweepSummary>();
        foreach (var row in await reader.Sweeps()) summaries.Add(await Summary(row));
        return [.. summaries];
    }

    public async Task<SweepId[]> Resolve(string idOrPrefix, CancellationToken cancellationToken)
    {
        var sweeps = await reader.Sweeps();
        if (idOrPrefix == "last")
            return [.. sweeps.Where(s => s.State != SweepState.Failed).Take(1).Select(s => new SweepId(s.Id))];
        var ids = sweeps.Select(s => s.Id).ToList();
        if (ids.Contains(idOrPrefix)) return [new SweepId(idOrPrefix)];
        return [.. ids.Where(id => id.StartsWith(idOrPrefix, StringComparison.Ordinal)).Select(id => new SweepId(id))];
    }

    public async Task<SweepSummary?> Status(SweepId sweep, CancellationToken cancellationToken) =>
        await reader.Sweep(sweep) is { } row
            ? await Summary(row) with
            {
                Notes = [.. await reader.Notes(sweep), .. await Extending(sweep), .. await Obstacles(row)],
                Search = await Searching(row),
            }
            : null;

    /// <summary>How far the sweep's search is; null without one.</summary>
    private async Task<SearchStatus?> Searching(SweepRow row)
    {
        if (SweepSpecs.OfSearch(row) is not { } spec) return null;
        spec = SweepPlanner.Extend(spec, await reader.Extension(new SweepId(row.Id)));
        var outlook = SearchOutlook.Of(spec);
        return await tallies.Look(row, tally => new SearchStatus(spec.Search.Sampler, spec.Search.Scheduler,
            tally.Trials.Count / spec.Replicates, outlook.Points, [.. outlook.Rungs.Epochs],
            [.. outlook.Rungs.Epochs.Select(rung => tally.Trials.Count(t => t.Epoch >= rung))]));
    }

    /// <summary>Says why no silo can train some of the sweep's trainings. Without an answer of the broker nothing is said.</summary>
    private async Task<string[]> Obstacles(SweepRow row)
    {
        if (row.State == SweepState.Preparing) return [];
        try
        {
            var queue = await GrainFactory.GetGrain<ILeaseBrokerGrain>(0).Queue(CancellationToken.None).WaitAsync(BrokerPatience, clock);
            return [.. queue.Waiting.Where(w => w.Sweep.Value == row.Id && w.Obstacle is not null).GroupBy(w => w.Obstacle)
                .Select(g => $"{(g.Count() == 1 ? "1 training waits" : $"{g.Count()} trainings wait")}: {g.Key}.")];
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return [];
        }
    }

    /// <summary>What became of the last wish to extend the sweep, unless it was granted.</summary>
    private async Task<string[]> Extending(SweepId sweep) => await reader.LastExtension(sweep) switch
    {
        { Kind: SweepEvents.ExtensionAsked } asked => [$"It is being extended: {SweepEvents.Told(asked)!.Value.Reason}."],
        { Kind: SweepEvents.ExtensionFailed, Reason: { } reason } => [$"It could not be extended: {reason}"],
        _ => [],
    };

    public async Task<TrialView[]> Trials(SweepId sweep, CancellationToken cancellationToken)
    {
        if (await reader.Sweep(sweep) is not { } row) return [];
        return await Views(row, await reader.Trials(sweep));
    }

    public async Task<string?> Recipe(TrialId trial, CancellationToken cancellationToken) => (await Find(trial))?.RecipeJson;

    public async Task<ReuseForecast> Forecast(SubmitRequest request, CancellationToken cancellationToken)
    {
        var spec = SweepSpecReader.Read(request.Text, request.FileName, request.Folder).Spec
            ?? throw new SpecException($"{request.FileName} has mistakes.");
        if (spec.Program is ShippedSpec shipped)
            spec = spec with { Program = shipped with { Package = Digest.Of(request.Package ?? []) } };
        var prepared = await layout.Of(
            new SweepId("forecast"), spec, !request.NoReuse && spec.Shares, request.Fork, null, bytes => Task.FromResult(Digest.Of(bytes)),
            cancellationToken);
        return new ReuseForecast(prepared.Trials.Sum(t => (long)t.Epochs), await reader.Ask(j => j.EpochsToTrain(prepared.Trials)),
            [.. prepared.Notes]);
    }

    public async Task<string?> Results(SweepId sweep, CancellationToken cancellationToken) =>
        await facts.Results(sweep) is { } results ? ResultsJson.Write(results) : null;

    // A silo's other grains go on while thousands of trials are folded.
    public Task<ComparisonView?> Compare(SweepId sweep, string by, string? baseline, EffectsQuestion about,
        CancellationToken cancellationToken) =>
        Task.Run(async () => (await effects.Of(sweep, about))?.Compare(by, baseline), cancellationToken);

    public Task<EffectsView?> Effects(SweepId sweep, EffectsQuestion about, CancellationToken cancellationToken) =>
        Task.Run(async () => (await effects.Of(sweep, about))?.Effects(), cancellationToken);

    public async IAsyncEnumerable<SweepUpdate> Watch(SweepId sweep, WatchCursor cursor,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long shown = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            if (await reader.Sweep(sweep) is not { } row) yield break;
            bool ended = row.State.IsFinal();

            // The snapshot says what the objective is called, so it comes before the first trial's end.
            if (shown == 0)
            {
                shown = clock.GetTimestamp();
                yield return new Snapshot(cursor, await Summary(row), await Views(row, await reader.RunningTrials(sweep)));
            }
            // Events are read before measurements and told after them. So a trial's epochs have been told before its end is.
            var changes = await reader.EventsAfter(sweep, cursor.Event);
            // Until all trials are written, those that exist would move the cursor past epochs that the others reuse.
            bool begun = row.State != SweepState.Preparing || changes.Any(c => c.Kind == "Prepared");
            IReadOnlyList<EpochMeasured> measured;
            do
            {
                measured = begun ? await MeasurementsAfter(sweep, cursor) : [];
                foreach (var update in measured)
                {
                    cursor = update.Cursor;
                    yield return update;
                }
            }
            while (measured.Count == MeasurementsAtOnce);
            var objectives = changes.Any(HasEnded) ? await Objectives(row) : null;
            foreach (var change in changes)
            {
                cursor = cursor with { Event = change.Sequence };
                if (SweepEvents.Told(change) is not var (kind, reason)) continue;
                double? objective = HasEnded(change) ? objectives?.GetValueOrDefault(change.Trial!.Value) : null;
                yield return new LifecycleChanged(cursor, kind, change.Trial, reason, objective);
            }

            if (ended || clock.GetElapsedTime(shown) >= SnapshotInterval)
            {
                shown = clock.GetTimestamp();
                yield return new Snapshot(cursor, await Summary(row), await Views(row, await reader.RunningTrials(sweep)));
            }
            if (ended) yield break;
            await Task.Delay(LookInterval, clock, cancellationToken);
        }
    }

    private static bool HasEnded(EventRow change) =>
        change.Trial is not null && Enum.TryParse<TrialState>(change.Kind, out var state) && state.IsFinal();

    /// <summary>The objectives of the trials. For a trial that has ended it is what its table will say for ever.</summary>
    private Task<Dictionary<int, double?>> Objectives(SweepRow sweep) =>
        tallies.Look(sweep, tally => tally.Trials.ToDictionary(t => t.Number, t => t.Objective));

    public async Task<ConfusionView?> Confusion(TrialId trial, CancellationToken cancellationToken)
    {
        if (await reader.Sweep(trial.Sweep) is not { } row || await Find(trial) is not { } found) return null;
        var measurements = await reader.Measurements(new Digest(found.Recipe), found.Visible);
        var ranking = SweepFacts.RankingOf(row);
        if (ranking.Metrics.Tables.Length == 0) return null;
        if (ranking.Reading([.. measurements.Select(m => m.ToMeasurement())]) is not { Epoch: var epoch }) return null;
        var counts = (await reader.WholeMeasurements(new Digest(found.Recipe), epoch, epoch)).Single().ToMeasurement().Counts;
        return new ConfusionView(epoch, (row.ClassNames ?? "").Split('\n'),
            Table(ClassifierResult.ValidationTable), Table(ClassifierResult.TestTable));

        int[] Table(string name) => counts.Table(Array.IndexOf(ranking.Metrics.Tables, name));
    }

    public async Task<SpanRecord[]> Trace(SweepId sweep, CancellationToken cancellationToken) =>
        await reader.Sweep(sweep) is { } row && TraceIdOf(row) is { } trace ? spans.ReadTrace(trace) : [];

    public async IAsyncEnumerable<byte[]> Checkpoint(TrialId trial, bool best, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var digest = await CheckpointOf(trial, best);
        byte[] bytes;
        try
        {
            bytes = checkpoints.Read(digest);
        }
        catch (Exception e) when (e is CheckpointDamagedException or FileNotFoundException)
        {
            throw new SpecException($"Trial {trial.Number}: its weights {digest.Short} are not kept any more, or are damaged. " +
                "`sweep cache verify` forgets what is damaged; submit the sweep again then: they are trained anew, to the same bits.");
        }
        if (await About(trial, digest) is not { } about)
        {
            foreach (byte[] piece in bytes.Chunk(PieceBytes)) yield return piece;
            yield break;
        }
        foreach (byte[] piece in ExportedWeights.Pieces(bytes, about, PieceBytes)) yield return piece;
    }

    /// <summary>The metadata that an export writes about its weights; null of a program of the user's, whose state is a tar file as it is.</summary>
    private async Task<IReadOnlyDictionary<string, string>?> About(TrialId trial, Digest weights)
    {
        var sweep = (await reader.Sweep(trial.Sweep))!;
        var row = (await Find(trial))!;
        if (Interfaces.Model.Recipe.Read(row.RecipeJson) is not ClassifierRecipe recipe) return null;
        var training = (await reader.Training(new Digest(row.Recipe)))!;
        int epoch = (await reader.Checkpoints(new Digest(row.Recipe))).FirstOrDefault(c => c.Weights == weights.Value)?.Epoch ?? row.Visible;
        return ExportedWeights.About(
            trial, epoch, recipe, Canonical.Read<DataSpec>(training.Data),
            (sweep.ClassNames ?? "").Split('\n'), weights);
    }

    private async Task<Digest> CheckpointOf(TrialId trial, bool best)
    {
        if (await reader.Sweep(trial.Sweep) is not { } sweep || await Find(trial) is not { } row)
            throw new SpecException(
                $"--trial: {trial.Number} is no trial of sweep {trial.Sweep}. `sweep trials {trial.Sweep}` lists them.");
        if (!best)
        {
            return row.FinalCheckpoint is { } final ? new Digest(final)
                : throw new SpecException($"Trial {trial.Number} is {SweepFacts.StateOf(row)} and has no weights at epoch {row.Granted} " +
                    $"yet. Wait for it with `sweep watch {trial.Sweep}`.");
        }

        if (await facts.BestEpoch(sweep, row) is not { } epoch)
            throw new SpecException($"Trial {trial.Number} has no epoch yet. Wait for one with `sweep watch {trial.Sweep}`.");
        if (await facts.WhyNoBestWeights(row, epoch) is { } why) throw new SpecException(why);
        if ((await reader.Checkpoints(new Digest(row.Recipe))).FirstOrDefault(c => c.Epoch == epoch) is { } found) return new Digest(found.Weights);

        string remedy = sweep.State is SweepState.Running or SweepState.Paused or SweepState.Completed
            ? $"`sweep checkpoint export {trial.Sweep} --trial {trial.Number} --best --retrain` trains those {epoch} epochs again, " +
                "bit for bit, and writes them."
            : "Submit the sweep's file again: they are trained anew, to the same bits.";
        throw new SpecException($"Trial {trial.Number}: the weights of its best epoch ({epoch}) are not kept any more. {remedy}");
    }

    public async Task<ExtensionProgress?> Extension(SweepId sweep, string key, CancellationToken cancellationToken) =>
        await reader.ExtensionOf(sweep, key) is not var (_, outcome, reason) ? null
        : outcome is null && (await reader.Sweep(sweep))?.State == SweepState.Cancelled
            ? new ExtensionProgress(true, $"Sweep {sweep} was cancelled meanwhile.")
        : new ExtensionProgress(outcome is not null, outcome == SweepEvents.ExtensionFailed ? reason : null);

    public async Task<bool> HasBestWeights(TrialId trial, CancellationToken cancellationToken) =>
        await reader.Sweep(trial.Sweep) is { } sweep && await Find(trial) is { } row && await facts.BestEpoch(sweep, row) is { } epoch
        && (await reader.Checkpoints(new Digest(row.Recipe))).Any(c => c.Epoch == epoch && checkpoints.Exists(new Digest(c.Weights)));

    private Task<TrialRow?> Find(TrialId trial) => reader.Trial(trial);

    private async Task<IReadOnlyList<EpochMeasured>> MeasurementsAfter(SweepId sweep, WatchCursor cursor)
    {
        var watched = await reader.MeasurementsAfter(sweep, cursor.Measurement, cursor.Trial, MeasurementsAtOnce);
        if (watched.Count == 0) return [];
        var bySequence = (await reader.MeasurementsBySequence(watched[0].Sequence, watched[^1].Sequence)).ToDictionary(m => m.Sequence);
        return [.. watched.Select(
            w => new EpochMeasured(cursor with { Measurement = w.Sequence, Trial = w.Trial }, w.Trial,
                bySequence[w.Sequence].ToMeasurement()))];
    }

    private Task<TrialView[]> Views(SweepRow sweep, IReadOnlyList<TrialRow> rows)
    {
        var label = SweepFacts.LabelsOf(sweep);
        return tallies.Look(sweep, tally => rows.Select(row => View(row, label(row), tally[row.Number])).ToArray());
    }

    private static TrialView View(TrialRow row, string label, TrialTally? trial)
    {
        int epoch = trial?.Epoch ?? 0;
        return new TrialView
        {
            Number = row.Number,
            Label = label,
            IsNamed = row.Name is not null,
            Replicate = row.Replicate,
            State = SweepFacts.StateOf(row),
            Reason = row.Reason,
            Failure = row.Failure,
            Epoch = epoch,
            Epochs = row.Epochs,
            Objective = trial?.Objective,
            Silo = row.Silo,
            Attempt = row.Attempt,
            Recipe = SweepFacts.RecipeOf(row),
            Fork = Interfaces.Model.Recipe.Read(row.RecipeJson).Fork,
            Reused = trial is null ? [] : [.. EpochRange.Of(Enumerable.Range(1, epoch).Where(e => !trial.Trained.Contains(e)))],
        };
    }

    private Task<SweepSummary> Summary(SweepRow row) => tallies.Look(row, tally =>
    {
        var ranking = SweepFacts.RankingOf(row);
        var states = tally.Trials.CountBy(t => t.Shown).ToDictionary();
        TrialTally? best = null;
        foreach (var trial in tally.Trials.Where(t => t.Objective is not null))
            if (best is null || ranking.Objective.Better(trial.Objective!.Value, best.Objective!.Value)) best = trial;
        return new SweepSummary
        {
            Id = new SweepId(row.Id),
            Name = row.Name,
            State = row.State,
            Reason = row.Reason,
            Submitted = DateTimeOffset.FromUnixTimeMilliseconds(row.Submitted),
            Ended = row.Ended is { } ended ? DateTimeOffset.FromUnixTimeMilliseconds(ended) : null,
            Trials = new(Count(TrialState.Pending), Count(TrialState.Running), Count(TrialState.Paused), Count(TrialState.Completed),
                Count(TrialState.Stopped), Count(TrialState.Failed), Count(TrialState.Cancelled)),
            EpochsDone = tally.Trials.Sum(t => (long)t.Epoch),
            EpochsAsked = tally.Trials.Sum(t => (long)t.Granted),
            Best = best?.Objective,
            BestTrial = best?.Number,
            Objective = ranking.Objective,
            Metrics = ranking.Metrics,
            TraceId = TraceIdOf(row),
            EpochsTrained = tally.Trials.Sum(t => (long)t.Trained.Count),
            EpochsToTrain = row.EpochsToTrain,
            Digest = row.Digest is null ? null : new Digest(row.Digest),
        };

        int Count(TrialState state) => states.GetValueOrDefault(state);
    });

    // A W3C traceparent has a version, a trace, a span and flags.
    private static string? TraceIdOf(SweepRow row) => row.Traceparent?.Split('-') is { Length: 4 } parts ? parts[1] : null;
}
