using Dapper;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Storage;
using Grains.Storage.Databases;
using Grains.Storage.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using static Tests.Shared.ClassifierReadings;

namespace Tests.Contracts.Journal;

/// <summary>
/// A journal that an older program left in the middle of a sweep is brought forward with everything in it. A newer one is left alone.
/// </summary>
public abstract class MigrationContract : IAsyncLifetime
{
    private static readonly SweepId Sweep = new("old-1");
    private static readonly Digest A = Name('a'), B = Name('b');

    /// <summary>Creates an empty database.</summary>
    protected abstract JournalDatabase Database { get; }

    public ValueTask InitializeAsync()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "Journal", "Schemas",
            $"version-1.{Database.Kind.ToString().ToLowerInvariant()}.sql");
        using var connection = Database.Open();
        connection.Execute(File.ReadAllText(file));
        foreach (string kind in (string[])["best_accuracy", "best_loss"])
            connection.Execute("INSERT INTO checkpoint (recipe, kind, epoch, weights, optimizer, bytes, at) VALUES (@a, @kind, 2, 'w2', NULL, 10, 1)",
                new { a = A.Value, kind });
        return ValueTask.CompletedTask;
    }

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task EverythingThatAnOlderJournalHeldIsThere()
    {
        JournalSchema.Migrate(Database);
        await Check();
    }

    [Fact]
    public async Task ManySilosOfTheNewProgramMayStartAtOnceOnAnOlderJournal()
    {
        using var together = new Barrier(6);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Factory.StartNew(() =>
        {
            together.SignalAndWait(TestContext.Current.CancellationToken);
            JournalSchema.Migrate(Database);
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        using var connection = Database.Open();
        Assert.Equal(Enumerable.Range(1, JournalSchema.Version),
            connection.Query<int>("SELECT version FROM schema_version ORDER BY version"));
        await Check();
    }

    [Fact]
    public async Task TrainingThatWasUnderWayGoesOn()
    {
        JournalSchema.Migrate(Database);
        using var writer = new JournalWriter(Database, NullLogger<JournalWriter>.Instance);
        using var reader = new JournalReader(Database);
        Assert.Equal(WriteOutcome.Refused, await writer.Write(j => j.Measure(A, 1, Measured(4, 0.9))));
        Assert.Equal(WriteOutcome.Accepted, await writer.Write(j => j.Measure(A, 2, Measured(4, 0.9))));
        Assert.Equal(WriteOutcome.Contradicted, await writer.Write(j => j.Measure(A, 2, Measured(3, 0.9))));

        // A watcher that had seen all of the old journal is told of the new epoch, and of nothing else.
        var news = Assert.Single(await reader.MeasurementsAfter(Sweep, 10, int.MaxValue, 100));
        Assert.Equal(2, news.Trial);
        Assert.Contains((2, 4, 2), (await reader.TrainedEpochs(Sweep)).Select(e => (e.Trial, e.Epoch, e.Attempt)));
        Assert.Equal(2, await writer.Write(j => j.BeginAttempt(B.Value, "silo-1", "g3", 0, "fp", 2000, 3000)));
    }

    /// <summary>
    /// In version 2 a retry forgot that a training had diverged, but not at which epoch. The training was then begun and ended without
    /// end.
    /// </summary>
    [Fact]
    public async Task HomeWithAnEndlessTrainingIsHealed()
    {
        JournalSchema.Migrate(Database, upTo: 2);
        using (var connection = Database.Open())
        {
            connection.Execute("UPDATE attempt SET ended = 9, outcome = 'Lost' WHERE recipe = @b AND ended IS NULL", new { b = B.Value });
            connection.Execute("UPDATE training SET failure = NULL, reason = NULL, failed_epoch = 1, " +
                "attempt = 1000 WHERE recipe = @b", new { b = B.Value });
            for (int attempt = 900; attempt <= 1000; attempt++)
            {
                connection.Execute("INSERT INTO attempt (recipe, attempt, silo, generation, slot, started, expires, ended, " +
                    "outcome) VALUES (@b, @attempt, 's', 'g', 0, 1, 2, 3, 'Met')",
                    new { b = B.Value, attempt });
            }
        }
        JournalSchema.Migrate(Database);
        using var reader = new JournalReader(Database);
        Assert.DoesNotContain(await reader.Work(null), w => w.Recipe == B.Value);
        Assert.Contains(await reader.Settled(Sweep), t => t.Recipe == B.Value
            && t.Failure == FailureClass.Diverged && t.Reason!.Contains("epoch 1", StringComparison.Ordinal));
        using var after = Database.Open();
        Assert.Equal(1, after.QuerySingle<int>("SELECT COUNT(*) FROM attempt WHERE recipe = @b AND outcome = 'Met'", new { b = B.Value }));
    }

    [Fact]
    public void JournalOfALaterProgramIsRefusedAndLeftAlone()
    {
        JournalSchema.Migrate(Database);
        using var connection = Database.Open();
        connection.Execute("INSERT INTO schema_version (version) VALUES (99)");
        string message = Assert.Throws<JournalUnusableException>(() => JournalSchema.Migrate(Database)).Message;
        Assert.Contains("99", message, StringComparison.Ordinal);
        Assert.Contains($"{JournalSchema.Version}", message, StringComparison.Ordinal);
        Assert.Equal(99, connection.QuerySingle<int>("SELECT MAX(version) FROM schema_version"));
    }

    private async Task Check()
    {
        using var reader = new JournalReader(Database);
        Assert.Equal([(1, 'a', 1, 1, 0.1), (3, 'a', 2, 1, double.NaN), (7, 'a', 3, 2, 0.1 + 0.2), (2, 'b', 1, 1, 0.2)],
            (await reader.Measurements(Sweep))
                .Select(m => ((int)m.Sequence, m.Recipe[0], m.Epoch, m.Attempt, m.ToMeasurement().Train.Loss)));
        Assert.Equal(1, Assert.Single((await reader.WholeMeasurements(A, 1, 1))[0].ToMeasurement().ValidationConfusion));
        // What the classifier reported in columns is packed as its sweep's vocabulary declares it.
        var old = await reader.Sweep(Sweep);
        Assert.Equal(ClassifierResult.Metrics.Metrics.Select(m => (m.Name, m.Split, m.Form, m.Goal, m.Reported)),
            Canonical.Read<MetricVocabulary>(old!.Metrics).Metrics.Select(m => (m.Name, m.Split, m.Form, m.Goal, m.Reported)));
        Assert.Equal(["best_validation_accuracy_maximize", "best_validation_loss_minimize"], (await reader.Checkpoints(A))
            .Select(c => c.Kind).Where(k => k != CheckpointKinds.State).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal([(9, 0), (10, 0)], (await reader.Measurements(Name('f'), 9)).Select(m => ((int)m.Sequence, m.Attempt)));
        Assert.Single(await reader.Measurements(Name('c'), 9));
        // Epoch 2 was trained twice: for trial 1, and by the attempt after it for trial 2.
        Assert.Equal([(1, 1, 1), (1, 2, 1), (2, 2, 2), (2, 3, 2), (3, 1, 1)],
            (await reader.TrainedEpochs(Sweep)).Select(e => (e.Trial, e.Epoch, e.Attempt)));
        Assert.Equal([(3, 1), (3, 2), (7, 2)],
            (await reader.MeasurementsAfter(Sweep, 2, int.MaxValue, 100)).Select(w => ((int)w.Sequence, w.Trial)));

        Assert.Equal([(TrialState.Completed, 7, "silo-2"), (TrialState.Pending, 7, "silo-2"), (TrialState.Pending, 7, "silo-1")],
            (await reader.Trials(Sweep)).Select(t => (t.State, (int)t.ParameterCount, t.Silo ?? "")));
        Assert.Equal([A.Value, B.Value], (await reader.Work(Sweep)).Select(w => w.Recipe));
        Assert.Equal((A.Value, 2), Assert.Single(await reader.RunningAttempts()) is var running
            ? (running.Recipe, running.Attempt)
            : default);
        Assert.Equal([5], await reader.Milestones(A));
        Assert.Equal(["Submitted", "Prepared"], (await reader.EventsAfter(Sweep, 0)).Select(e => e.Kind));
        Assert.Equal("fp", (await reader.Training(B))!.Fingerprint);
    }

    private static Digest Name(char letter) => new(new string(letter, 64));
}

public sealed class SqliteMigrationTests : MigrationContract
{
    private readonly TemporaryFolder _folder = new();

    protected override JournalDatabase Database => JournalDatabase.Sqlite(_folder.File("journal.db"));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}

public sealed class PostgreSqlMigrationTests : MigrationContract, IClassFixture<Membership.PostgreSqlServer>
{
    public PostgreSqlMigrationTests(Membership.PostgreSqlServer server)
    {
        Assert.SkipWhen(server.Missing is not null, server.Missing ?? "");
        Database = new JournalDatabase(DatabaseKind.PostgreSql, server.NewDatabase());
    }

    protected override JournalDatabase Database { get; }
}
