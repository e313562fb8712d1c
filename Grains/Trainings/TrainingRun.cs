using System.Data.Common;
using System.Diagnostics;
using Grains.Hosting;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Programs;
using Grains.Storage;
using Grains.Storage.Checkpoints;
using Grains.Storage.Databases;
using Grains.Storage.Journal;
using Grains.Telemetry;
using Grains.Training;
using Microsoft.Extensions.Logging;

namespace Grains.Trainings;

/// <summary>
/// One attempt. It brings a recipe, from its farthest checkpoint, to every epoch that somebody demands. Each epoch's measurement is in the
/// journal before anybody is told. It runs on one thread from beginning to end, and only <see cref="ReadDemands"/> is called by others.
/// </summary>
public sealed partial class TrainingRun(
    LeaseGrant grant, int slot, JournalWriter writer, JournalReader reader, CheckpointStore checkpoints, TrainingPrograms programs,
    SweepOptions options, TimeProvider clock, ILogger logger,
    CancellationTokenSource ended, ActivityContext trace, Action<LeaseGrant, int> advanced)
{
    /// <summary>The share of an epoch's time above which its state is not copied for a drain alone.</summary>
    private const double CheapShare = 0.005;

    /// <summary>The share of a training's time that may go into checkpoints that come more often than they must.</summary>
    private const double SavingShare = 0.01;

    /// <summary>The longest time for which an attempt that is to end lets an epoch go on to its end.</summary>
    private const double DrainSeconds = 2;

    /// <summary>The time that saving is thought to take per byte of weights, moments and digests included, until it was measured.</summary>
    private const double SavingSecondsPerByte = 30e-9;

    private static readonly TimeSpan StoragePause = TimeSpan.FromSeconds(1);

    private Recipe _recipe = null!;
    private ITrainingProgram _program = null!;
    private MetricVocabulary _metrics = null!;
    private volatile IReadOnlyList<int> _milestones = grant.Milestones;
    private List<BestWeights> _best = [];
    private readonly List<Measurement> _pending = [];
    private TrainingState? _unsaved;
    private double _stateSeconds, _saveSeconds, _epochSeconds = double.PositiveInfinity;
    private volatile bool _draining;
    private Task _started = Task.CompletedTask;
    private (int Epoch, WriteUnderWay<WriteOutcome> Write)? _recording;

    /// <summary>Reads which epochs are demanded. When none is, the attempt is to end.</summary>
    public async Task ReadDemands()
    {
        var milestones = await reader.Milestones(grant.Recipe);
        // The drain comes first. So whoever sees that nothing is asked for also sees that the attempt did not end by itself.
        if (milestones.Count == 0) Drain();
        _milestones = milestones;
    }

    /// <summary>
    /// Tells the attempt to end, because its silo does or nobody asks any more. A short epoch is trained to its end and kept, and a long
    /// one is given up.
    /// </summary>
    public void Drain()
    {
        if (_draining) return;
        _draining = true;
        if (Volatile.Read(ref _epochSeconds) > DrainSeconds) ended.Cancel();
        else ended.CancelAfter(TimeSpan.FromSeconds(2 * DrainSeconds));
    }

    private bool IsOver => _draining || ended.IsCancellationRequested;

    /// <summary>Whether this attempt has measured an epoch.</summary>
    public bool Advanced { get; private set; }

    /// <summary>Runs the whole attempt on the calling thread.</summary>
    public AttemptOutcome Train()
    {
        try
        {
            if (CodeOffer.Own.Lacks(Recipe.NumericPathOf(grant.RecipeJson)) is { Count: > 0 } lacks)
            {
                // A broker of an earlier release offers everything. It asks again at once, so that the pause keeps the slot from spinning.
                LogOtherCode(grant.Recipe.Short, string.Join(", ", lacks), options.SiloName, CodeOffer.Own.Instead(lacks));
                ended.Token.WaitHandle.WaitOne(StoragePause);
                return AttemptOutcome.Released;
            }
            _recipe = Recipe.Read(grant.RecipeJson);
            _program = programs.Of(_recipe);
            _metrics = _program.MetricsOf(_recipe);
            if (_program.Refusal(_recipe, options.Memory / options.Slots, options.Slots) is { } refusal)
                return Fail(TrainingFailure.Whole(FailureClass.OutOfMemory, refusal));
            _best = [.. CheckpointKinds.Best(_metrics, grant.Objectives)
                .Select(kind => new BestWeights(kind.Name, new Ranking(kind.Objective, _metrics)))];
            if (_milestones is not [var first, ..]) return End;
            var start = Sabotaged(Wait(FarthestCheckpoint(first)));
            _saveSeconds = start.Weights.Length * SavingSecondsPerByte;
            // The start is on disk with the first measurement, which waits behind it.
            _started = writer.Write(j => j.StartFrom(grant.Recipe, grant.Attempt, start.Epoch));
            using var loop = _program.Begin(new LoopStart(grant.Recipe, _recipe, grant.DataJson, start, slot), ended.Token);
            try
            {
                return Epochs(loop);
            }
            catch (Exception e)
            {
                // A retry goes on from where a failed program last had a state.
                if (e is ProgramFailedException && loop.Epoch > start.Epoch && (_unsaved ?? (loop.HasState ? loop.Save() : null)) is { } state)
                    Save(state);
                // The journal's answer about the epoch before comes first: it may have refused it, or found other bits.
                Settle();
                throw;
            }
        }
        catch (OperationCanceledException) when (IsOver)
        {
            return SaveLastEpoch();
        }
        catch (FencedException)
        {
            return AttemptOutcome.Released;
        }
        catch (Exception e) when (e is DbException or JournalUnusableException && StorageTrouble.Passing(e) is { } trouble)
        {
            // Its starting point could not be read. It is given back once the journal can be written again, and leased anew.
            LogUnread(grant.Recipe.Short, trouble);
            return AttemptOutcome.Released;
        }
        catch (Exception e)
        {
            bool said = e is SpecException or ProgramFailedException;
            return Fail(TrainingFailure.Whole(Classify(e), said ? e.Message : $"{e.GetType().Name}: {FirstLine(e.Message)}"));
        }
    }

    private AttemptOutcome Epochs(IEpochLoop loop)
    {
        long saved = clock.GetTimestamp();
        // A program of the user's that is told of a nearer milestone while it runs has no state there: it goes on to its next one.
        while (_milestones.Any(m => m > loop.Epoch) || !loop.HasState)
        {
            using var activity = Sources.Trainings.StartActivity("epoch", ActivityKind.Internal, trace);
            int until = _milestones.Where(m => m > loop.Epoch).DefaultIfEmpty(loop.Epoch + 1).Min();
            var measurement = loop.TrainEpoch(until, clock, ended.Token);
            activity?.SetTag("epoch", measurement.Epoch);
            if (_recipe.Repeats) Record(measurement);
            else _pending.Add(measurement);
            if (_metrics.NotFinite(measurement.Values) is { } metric)
            {
                Settle();
                // What a program of the user's cannot come to again is kept with the end of its curve.
                if (!_recipe.Repeats && _unsaved is { } last) Save(last);
                return Fail(new TrainingFailure(FailureClass.Diverged, measurement.Epoch,
                    $"The {metric.Name} is not a finite number at epoch {measurement.Epoch}." +
                    (_recipe is ClassifierRecipe ? " Try a lower learning_rate." : " Try other parameters.")));
            }

            // A program of the user's has a state only where it says so. Until its next one, the one before is what can be gone on from.
            if (loop.HasState) _unsaved = null;
            Volatile.Write(ref _epochSeconds, measurement.Seconds);
            bool save = loop.HasState && (_milestones.Contains(loop.Epoch) || clock.GetElapsedTime(saved) >= Cadence || _draining);
            // The state of a command is packed already.
            bool cheap = loop.HasState && (_recipe is not ClassifierRecipe || _stateSeconds <= CheapShare * measurement.Seconds);
            long begin = clock.GetTimestamp();
            if (save || cheap)
            {
                _unsaved = loop.Save();
                _stateSeconds = clock.GetElapsedTime(begin).TotalSeconds;
            }
            KeepBest(measurement, loop.HasState ? () => _unsaved?.Weights ?? loop.SaveWeights() : null);
            if (save)
            {
                Save(_unsaved!);
                saved = clock.GetTimestamp();
                _saveSeconds = clock.GetElapsedTime(begin, saved).TotalSeconds;
            }
            if (save && _milestones.Any(m => m > loop.Epoch)) advanced(grant, loop.Epoch);
            if (_draining && _milestones.Any(m => m > loop.Epoch))
            {
                if (!save && (_unsaved ?? (loop.HasState ? loop.Save() : null)) is { } last) Save(last);
                return AttemptOutcome.Released;
            }
        }
        Settle();
        Wait(_started);
        if (_pending.Count > 0) Save(loop.Save());
        return End;
    }

    /// <summary>The outcome when nothing is left to do: nothing is asked for any more, or all of it is met.</summary>
    private AttemptOutcome End => _draining ? AttemptOutcome.Released : AttemptOutcome.Met;

    /// <summary>
    /// The time between checkpoints. Work that is lost with a silo is trained again. So the cheaper saving is, or seems to be by the
    /// weights' size, the less of it may be lost.
    /// </summary>
    private TimeSpan Cadence
    {
        get
        {
            var affordable = TimeSpan.FromSeconds(_saveSeconds / SavingShare);
            return affordable < options.ShortestCheckpointInterval ? options.ShortestCheckpointInterval
                : affordable < options.CheckpointInterval ? affordable : options.CheckpointInterval;
        }
    }

    private TrainingState Sabotaged(TrainingState start) => options.Sabotage switch
    {
        Sabotage.Moments => start with { Optimizer = null },
        Sabotage.Restart => _program.FirstState(_recipe),
        _ => start,
    };

    /// <summary>
    /// The state to go on from: the farthest checkpoint that is whole and not beyond the first milestone, or the initial one.
    /// </summary>
    private async Task<TrainingState> FarthestCheckpoint(int milestone)
    {
        var rows = await reader.Checkpoints(grant.Recipe);
        foreach (var row in rows.Where(r => r.Kind == CheckpointKinds.State && r.Epoch <= milestone && r.Optimizer is not null))
        {
            try
            {
                var state = new TrainingState(row.Epoch, checkpoints.Get(new Digest(row.Weights)),
                    checkpoints.Get(new Digest(row.Optimizer!)));
                await RequireOneCurve(row.Epoch);
                foreach (var known in await reader.Measurements(grant.Recipe, row.Epoch)) KeepBest(known.ToMeasurement(), weights: null);
                return state;
            }
            catch (Exception e) when (e is CheckpointDamagedException or FileNotFoundException)
            {
                // The checkpoint before it serves. Nobody is to rely on this one again, so its row goes with each of its files that is not
                // whole.
                LogDamaged(grant.Recipe.Short, row.Epoch, e.Message);
                foreach (string file in new[] { row.Weights, row.Optimizer! })
                    if (!checkpoints.IsWhole(new Digest(file))) await checkpoints.Forget(new Digest(file), writer);
            }
        }
        if (_recipe.Fork is { } fork)
        {
            throw new SpecException(
                $"The state of recipe {fork.Parent.Short} at epoch {fork.Epoch}, from which this goes on, is not kept any more. " +
                "Submit the parent's sweep again, then fork again.");
        }
        await RequireOneCurve(0);
        return _program.FirstState(_recipe);
    }

    /// <summary>
    /// Refuses to train epochs again that are measured, where they would come to other numbers: a curve is never mixed of two.
    /// </summary>
    private async Task RequireOneCurve(int from)
    {
        if (_recipe.Repeats || await reader.LastEpoch(grant.Recipe) is var measured && measured <= from) return;
        throw new SpecException($"The state at epoch {measured} is not kept any more, and the program does not promise the same numbers " +
            "again (program.repeatable). Submit the sweep again.");
    }

    /// <param name="weights">Makes the epoch's weights, if they are wanted; null for an epoch that an earlier attempt has measured and
    /// saved.</param>
    private void KeepBest(Measurement m, Func<byte[]>? weights)
    {
        byte[]? made = null;
        foreach (var best in _best)
            if (best.SoFar.Take(m.Epoch, m.Values)) best.Unsaved = made ??= weights?.Invoke();
    }

    /// <summary>
    /// Keeps the last whole epoch when the attempt was stopped between two batches. If it is at hand and not on disk yet, it is saved and
    /// not trained again. It is refused when the lease is gone.
    /// </summary>
    private AttemptOutcome SaveLastEpoch()
    {
        if (_unsaved is not { } state) return AttemptOutcome.Released;
        try
        {
            Save(state);
        }
        catch (Exception e) when (
            e is FencedException or IOException or UnauthorizedAccessException or ObjectDisposedException or OperationCanceledException)
        {
            // The next attempt begins at the checkpoint before.
        }
        return AttemptOutcome.Released;
    }

    /// <summary>
    /// Begins to write the epoch. Meanwhile the next one is trained, and waits with its own measurement until this one is on disk.
    /// </summary>
    private void Record(Measurement measurement)
    {
        Settle();
        _recording = (measurement.Epoch,
            writer.Begin(j => Said(j.Measure(grant.Recipe, grant.Attempt, measurement), $"epoch {measurement.Epoch}")));
    }

    /// <summary>Waits until the measurement is in the journal.</summary>
    private void Settle()
    {
        if (_recording is not var (epoch, write)) return;
        _recording = null;
        var outcome = write.Wait();
        Wait(_started);
        Advanced |= outcome == WriteOutcome.Accepted;
        RequireSameBits(outcome, epoch);
        Require(outcome);
    }

    private WriteOutcome Measure(JournalTransaction journal, List<Measurement> measured)
    {
        foreach (var m in measured)
        {
            var outcome = Said(journal.Measure(grant.Recipe, grant.Attempt, m), $"epoch {m.Epoch}");
            if (outcome != WriteOutcome.Accepted) return outcome;
        }
        return WriteOutcome.Accepted;
    }

    private void Recorded(WriteOutcome outcome, List<Measurement> measured)
    {
        if (measured.Count > 0) RequireSameBits(outcome, measured[^1].Epoch);
        Require(outcome);
        Advanced |= measured.Count > 0;
        if (measured.Count > 0) _pending.RemoveAll(m => m.Epoch <= measured[^1].Epoch);
    }

    private static void RequireSameBits(WriteOutcome outcome, int epoch)
    {
        if (outcome != WriteOutcome.Contradicted) return;
        throw new NonDeterministicException($"Epoch {epoch} gave other bits than an earlier attempt. " +
            "The numeric environment changed, or the training is not a function of its recipe.");
    }

    private void Save(TrainingState state)
    {
        Settle();
        var rows = new List<NewCheckpoint> { Store(CheckpointKinds.State, state.Epoch, state.Weights, state.Optimizer) };
        rows.AddRange(_best.Where(b => b.Unsaved is not null).Select(b => Store(b.Kind, b.Epoch, b.Unsaved!, null)));

        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var measured = _pending.Where(m => m.Epoch <= state.Epoch).ToList();
        var (outcome, orphans) = writer.Begin<(WriteOutcome, IReadOnlyList<Digest>)>(j =>
        {
            if (Measure(j, measured) is not WriteOutcome.Accepted and var refused) return (refused, []);
            foreach (var row in rows)
            {
                if (Said(j.Checkpoint(grant.Recipe, grant.Attempt, row, now), $"the checkpoint of epoch {state.Epoch}")
                    != WriteOutcome.Accepted)
                    return (WriteOutcome.Refused, []);
            }
            return (WriteOutcome.Accepted, j.RetireCheckpoints(grant.Recipe));
        }).Wait();
        Recorded(outcome, measured);
        foreach (var orphan in orphans.Where(o => o != _recipe.InitialCheckpoint)) checkpoints.Delete(orphan);
        _unsaved = null;
        foreach (var best in _best) best.Unsaved = null; // in the store now
    }

    private NewCheckpoint Store(string kind, int epoch, byte[] weights, byte[]? optimizer)
    {
        var weightsDigest = Put(weights);
        Digest? optimizerDigest = optimizer is null ? null : Put(optimizer);
        return new NewCheckpoint(kind, epoch, weightsDigest, optimizerDigest, weights.Length + (optimizer?.Length ?? 0));
    }

    /// <summary>
    /// Retries while the disk has no room, or may not be written. The training waits, because what is trained is not lost for that.
    /// </summary>
    /// <exception cref="OperationCanceledException">It has waited long enough: the attempt is over, or the silo ends.</exception>
    private Digest Put(byte[] bytes)
    {
        for (bool told = false; ; told = true)
        {
            try
            {
                return Wait(checkpoints.Put(bytes, CancellationToken.None));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && StorageTrouble.Passing(e) is { } trouble)
            {
                if (IsOver) throw new OperationCanceledException($"The checkpoint cannot be written: {trouble}.", e);
                if (!told) LogWaiting(grant.Recipe.Short, trouble);
                ended.Token.WaitHandle.WaitOne(StoragePause);
            }
        }
    }

    private AttemptOutcome Fail(TrainingFailure failure)
    {
        // The epochs of a program that does not repeat are part of its result when it diverged, and of nothing when it broke off.
        var measured = failure.Class == FailureClass.Diverged ? _pending.ToList() : [];
        Wait(writer.Write(j =>
        {
            if (Measure(j, measured) == WriteOutcome.Accepted) j.Fail(grant.Recipe, grant.Attempt, failure);
        }));
        return AttemptOutcome.Failed;
    }

    /// <summary>Reports a refusal as soon as the fence makes it, because a silo that was taken for dead has only moments left.</summary>
    private WriteOutcome Said(WriteOutcome outcome, string what)
    {
        if (outcome == WriteOutcome.Refused) LogRefused(grant.Recipe.Short, grant.Attempt, what);
        return outcome;
    }

    private void Require(WriteOutcome outcome)
    {
        if (outcome != WriteOutcome.Accepted)
        {
            throw new FencedException(
                $"Training {grant.Recipe.Short}: attempt {grant.Attempt} is over, and a late write of it was refused.");
        }
    }

    private static FailureClass Classify(Exception e) => e switch
    {
        SpecException => FailureClass.Invalid,
        NonDeterministicException => FailureClass.NonDeterministic,
        ProgramFailedException failed => failed.Failure,
        OutOfMemoryException => FailureClass.OutOfMemory,
        // The allocator of libtorch reports through its general exception.
        System.Runtime.InteropServices.ExternalException when e.Message.Contains("allocate memory", StringComparison.Ordinal)
            || e.Message.Contains("not enough memory", StringComparison.Ordinal) => FailureClass.OutOfMemory,
        _ => FailureClass.Error,
    };

    private static string FirstLine(string message) => message.Split('\n', 2)[0];

    // This thread belongs to the training, and nothing else waits behind it.
    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Training {Recipe}: its state at epoch {Epoch} is refused ({Reason}) It goes on from the one before.")]
    private partial void LogDamaged(string recipe, int epoch, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Training {Recipe}: attempt {Attempt} is over, and the journal's fence refused its late write of {What}.")]
    private partial void LogRefused(string recipe, int attempt, string what);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Training {Recipe}: its checkpoint cannot be written: {Trouble}. It waits; nothing is lost.")]
    private partial void LogWaiting(string recipe, string trouble);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Training {Recipe}: it needs {Needed}, and {Silo} has {Code}. It is given back; nothing is lost.")]
    private partial void LogOtherCode(string recipe, string needed, string silo, string code);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Training {Recipe}: the journal cannot be read: {Trouble}. It is given back; nothing is lost.")]
    private partial void LogUnread(string recipe, string trouble);

    /// <summary>The best epoch so far by one objective.</summary>
    private sealed class BestWeights(string kind, Ranking ranking)
    {
        public string Kind => kind;

        public BestSoFar SoFar { get; } = new(ranking);

        public int Epoch => SoFar.Epoch!.Value;

        /// <summary>The weights of that epoch; null once they are in the store.</summary>
        public byte[]? Unsaved { get; set; }
    }
}
