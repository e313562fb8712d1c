using Grains;
using Grains.Hosting;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Grains.Training;
using Grains.Training.Data;
using Grains.Trainings;
using Microsoft.Extensions.Logging.Abstractions;
using Tests.Shared;
using static Tests.Shared.ClassifierReadings;

namespace Tests.Cluster;

/// <summary>
/// Runs an attempt whose computing is scripted. The tests show what is kept of it when its silo is to end, and what is said when two
/// things happen at once.
/// </summary>
public sealed class TrainingRunTests : IDisposable
{
    private static readonly PhantomData Data = new() { Train = 16, Validation = 16, Test = 16 };

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-run-").FullName;
    private readonly JournalDatabase _journal;
    private readonly JournalWriter _writer;
    private readonly JournalReader _reader;
    private readonly CheckpointStore _store;
    private readonly CancellationTokenSource _ended = new();
    private readonly Digest _recipe = Digest.Of("recipe"u8);

    public TrainingRunTests()
    {
        _journal = JournalDatabase.Sqlite(Path.Combine(_folder, "journal.db"));
        JournalSchema.Migrate(_journal);
        _writer = new JournalWriter(_journal, NullLogger<JournalWriter>.Instance);
        _reader = new JournalReader(_journal);
        _store = new CheckpointStore(Path.Combine(_folder, "checkpoints"));
    }

    [Fact]
    public async Task DrainLetsAShortEpochEndAndKeepsIt()
    {
        var run = await Attempt((loop, run, ct) =>
        {
            if (loop.Epoch == 2) run.Drain();
            ct.ThrowIfCancellationRequested();
            return 0.1;
        });
        Assert.Equal(AttemptOutcome.Released, await Train(run));
        Assert.Equal(3, (await _reader.Measurements(_recipe, 5)).Count);
        Assert.Equal(3, await FarthestState());
    }

    /// <summary>A broker of an earlier release knows nothing of code, so that it offers what the silo cannot train.</summary>
    [Fact]
    public async Task RecipeOfOtherCodeIsGivenBackAndNotFailed()
    {
        var run = await Attempt((_, _, _) => throw new InvalidOperationException("Nothing is trained."),
            numericPath: "classifier/explicit/threads=1/adam:99");
        Assert.Equal(AttemptOutcome.Released, await Train(run));
        Assert.Null((await _reader.Training(_recipe))!.Failure);
        Assert.Empty(await _reader.Measurements(_recipe, 5));
    }

    [Fact]
    public async Task DrainGivesALongEpochUpAndKeepsTheOneBefore()
    {
        var run = await Attempt((loop, run, ct) =>
        {
            if (loop.Epoch == 2) run.Drain();
            ct.ThrowIfCancellationRequested();
            return 60;
        });
        Assert.Equal(AttemptOutcome.Released, await Train(run));
        Assert.Equal(2, (await _reader.Measurements(_recipe, 5)).Count);
        Assert.Equal(2, await FarthestState());
    }

    [Fact]
    public async Task WhenNobodyAsksAnyMoreAShortEpochEndsAndIsKept()
    {
        var run = await Attempt((loop, run, ct) =>
        {
            if (loop.Epoch == 2)
            {
                _writer.Write(j => j.PauseSweep(new SweepId("s"), 1)).GetAwaiter().GetResult();
                run.ReadDemands().GetAwaiter().GetResult();
            }
            ct.ThrowIfCancellationRequested();
            return 0.1;
        });
        await Train(run);
        Assert.Equal(3, (await _reader.Measurements(_recipe, 5)).Count);
        Assert.Equal(3, await FarthestState());
    }

    [Fact]
    public async Task WhatIsCancelledByNobodyOfOursIsAFailureAndIsNotTriedForEver()
    {
        var run = await Attempt((_, _, _) => throw new OperationCanceledException("from elsewhere"));
        Assert.Equal(AttemptOutcome.Failed, await Train(run));
        Assert.False(run.Advanced);
        Assert.Equal(FailureClass.Error, (await _reader.Training(_recipe))!.Failure);
    }

    [Fact]
    public async Task WhenTheDemandIsWithdrawnBeforeTheFirstEpochTheAttemptIsGivenBack()
    {
        var run = await Attempt((_, _, _) => 0.1);
        await _writer.Write(j => j.PauseSweep(new SweepId("s"), 1));
        await run.ReadDemands();
        await _writer.Write(j => j.ResumeSweep(new SweepId("s"), 2));
        var outcome = await Train(run);
        Assert.Equal(AttemptOutcome.Released, outcome);
        await _writer.Write(j => j.EndAttempt(_recipe, 1, 3, outcome, run.Advanced));
        // The training is begun again.
        Assert.Single(await _reader.Work(null));
    }

    [Fact]
    public async Task BestWeightsOfEveryBudgetAreKeptByEverySweepsObjective()
    {
        // The loss falls from epoch to epoch; the training loss of the scripted loop does, too. A second trial ends at epoch 3.
        var run = await Attempt((_, _, _) => 0.1,
            objectives: [new Objective("train_loss", Goal.Maximize, ReadAt.Last)], budgets: [3, 5]);
        Assert.Equal(AttemptOutcome.Met, await Train(run));
        var kept = await _reader.Checkpoints(_recipe);
        Assert.Equal([5, 3], kept.Where(c => c.Kind == BestLoss).Select(c => c.Epoch));
        Assert.Equal([1], kept.Where(c => c.Kind == BestAccuracy).Select(c => c.Epoch));
        Assert.Equal([1], kept.Where(c => c.Kind == "best_train_loss_maximize").Select(c => c.Epoch));
    }

    [Fact]
    public async Task JournalThatCannotBeReadForLongFailsNoTraining()
    {
        using var away = new JournalReader(JournalDatabase.Sqlite(Path.Combine(_folder, "away", "journal.db")));
        Assert.Equal(AttemptOutcome.Released, await Train(await Attempt((_, _, _) => 0.1, reader: away)));
        Assert.Null((await _reader.Training(_recipe))!.Failure);
    }

    [Fact]
    public async Task OtherBitsThanBeforeAreReportedAlsoWhenTheNextEpochIsCancelled()
    {
        await Attempt((_, _, _) => 0.1);
        await _writer.Write(j =>
        {
            j.Measure(_recipe, 1, Measured(1, 0.5, seconds: 60));
            j.EndAttempt(_recipe.Value, 1, 1, AttemptOutcome.Released);
        });
        var again = await Attempt((loop, _, ct) =>
        {
            if (loop.Epoch == 1) _ended.Cancel();
            ct.ThrowIfCancellationRequested();
            return 60;
        }, attempt: 2);
        Assert.Equal(AttemptOutcome.Failed, await Train(again));
        Assert.Equal(FailureClass.NonDeterministic, (await _reader.Training(_recipe))!.Failure);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _ended.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <param name="epoch">Trains one epoch, when the loop has trained so many, and says how many seconds it took.</param>
    private async Task<TrainingRun> Attempt(Func<ScriptedLoop, TrainingRun, CancellationToken, double> epoch, int attempt = 1,
        JournalReader? reader = null, Objective[]? objectives = null, int[]? budgets = null, string? numericPath = null)
    {
        var data = DatasetLoader.Load(Data, TestContext.Current.CancellationToken);
        var initial = await _store.Put([1, 2, 3], TestContext.Current.CancellationToken);
        var configuration = new Configuration
        {
            Model = new DenseModel
            {
                Hidden = [4],
                Activation = new(ActivationKind.Relu),
                Initializer = Initializer.HeNormal,
                BatchNorm = null,
                Dropout = null,
                L2 = null,
            },
            Optimizer = new Sgd { LearningRate = 0.1, Decay = null, WeightDecay = null, Momentum = null },
            BatchSize = 16,
            Limit = null,
            Precision = Precision.Float32,
        };
        var recipe = new ClassifierRecipe
        {
            Configuration = configuration,
            Data = data.Identity,
            Seed = 1,
            Replicate = 1,
            InitialCheckpoint = initial,
            NumericPath = numericPath ?? NumericPath.Of(configuration),
        };
        Assert.Equal(attempt, await _writer.Write(j =>
        {
            if (attempt == 1)
            {
                j.Submit(Rows.Sweep("s"));
                j.Prepared(new SweepId("s"), 1, [], [Rows.Training(_recipe)],
                    [.. (budgets ?? [5]).Select((b, i) => Rows.Trial("s", i + 1, _recipe, b))]);
            }
            return j.BeginAttempt(_recipe.Value, "silo-1", "generation", 0, "fingerprint", 1, long.MaxValue);
        }));

        TrainingRun run = null!;
        var grant = new LeaseGrant(
            _recipe, attempt, recipe.Json(), Canonical.Json<DataSpec>(Data), null, budgets ?? [5], objectives ?? []);
        var options = new SweepOptions { SiloName = "silo-1", Version = "test" };
        var classifier = new ClassifierProgram(
            new StartingWeights(new CheckpointCache(_store), _store, NullLogger<StartingWeights>.Instance),
            new DatasetCache(new DatasetCacheOptions(), (_, _) => data), options,
            (_, _, start) => new ScriptedLoop(start, (loop, ct) => epoch(loop, run, ct)));
        run = new TrainingRun(grant, 0, _writer, reader ?? _reader, _store, new TrainingPrograms([classifier]), options,
            TimeProvider.System, NullLogger.Instance, _ended, default, (_, _) => { });
        return run;
    }

    private static Task<AttemptOutcome> Train(TrainingRun run) => Task.Run(run.Train, TestContext.Current.CancellationToken);

    private async Task<int> FarthestState() =>
        (await _reader.Checkpoints(_recipe)).Where(c => c.Kind == CheckpointKinds.State).Max(c => c.Epoch);

    private sealed class ScriptedLoop(TrainingState start, Func<ScriptedLoop, CancellationToken, double> epoch) : IEpochLoop
    {
        public int Epoch { get; private set; } = start.Epoch;

        public bool HasState => true;

        public Measurement TrainEpoch(int until, TimeProvider clock, CancellationToken ct)
        {
            double seconds = epoch(this, ct);
            return Measured(++Epoch, 1.0 / Epoch, seconds: seconds);
        }

        public TrainingState Save() => new(Epoch, SaveWeights(), [(byte)Epoch, 1]);

        public byte[] SaveWeights() => [(byte)Epoch];

        public void Dispose()
        {
        }
    }
}
