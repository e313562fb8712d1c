using System.Collections.Concurrent;
using Grains.Interfaces.Model;
using Grains.Storage.Databases;

namespace Grains.Storage.Journal;

/// <summary>
/// Reads the journal off the grain's turn, without waiting for a writer. It keeps as many connections as there are reads at once.
/// </summary>
/// <param name="time">The clock; null for the system's.</param>
public sealed class JournalReader(JournalDatabase database, TimeProvider? time = null) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentBag<JournalSession> _idle = [];
#pragma warning disable RS0030 // Tests that let no time pass need not bring a clock.
    private readonly TimeProvider _clock = time ?? TimeProvider.System;
#pragma warning restore RS0030
    private volatile bool _disposed;

    public void Dispose()
    {
        _disposed = true;
        CloseIdle();
    }

    /// <summary>Asks again while the database comes back. After a while it tells the caller.</summary>
    private Task<IReadOnlyList<T>> Query<T>(string sql, object? parameters = null) =>
        Ask<IReadOnlyList<T>>(session => session.Query<T>(sql, parameters));

    /// <summary>Asks several questions on one connection. Each sees the journal as it is at that moment.</summary>
    public Task<T> Ask<T>(Func<IJournalQueries, T> ask) => Task.Run(async () =>
    {
        for (long begin = _clock.GetTimestamp(); ;)
        {
            try
            {
                return Once(ask);
            }
            catch (Exception e) when (StorageTrouble.Passing(e) is not null && _clock.GetElapsedTime(begin) < Patience)
            {
                await Task.Delay(Pause, _clock);
            }
        }
    });

    private T Once<T>(Func<IJournalQueries, T> ask)
    {
        var session = _idle.TryTake(out var idle) ? idle : new JournalSession(database.Open());
        try
        {
            var answer = ask(session);
            _idle.Add(session);
            if (_disposed) CloseIdle();
            return answer;
        }
        catch
        {
            // The trouble that broke this connection broke the others too, or they are cheap to open again.
            session.Dispose();
            CloseIdle();
            throw;
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var session)) session.Dispose();
    }

    public Task<IReadOnlyList<SweepRow>> Sweeps() => Query<SweepRow>("SELECT * FROM sweep ORDER BY submitted DESC, id");

    public async Task<SweepRow?> Sweep(SweepId sweep) =>
        (await Query<SweepRow>("SELECT * FROM sweep WHERE id = @id", new { id = sweep.Value })).SingleOrDefault();

    /// <summary>The sweeps that have not ended.</summary>
    public Task<IReadOnlyList<string>> ActiveSweeps() =>
        Query<string>("SELECT id FROM sweep WHERE state IN ('Preparing', 'Running', 'Paused') ORDER BY submitted, id");

    public Task<IReadOnlyList<TrialRow>> Trials(SweepId sweep) =>
        Query<TrialRow>($"{OfTrials} ORDER BY t.number", new { id = sweep.Value });

    /// <summary>The trials from the first to the last of these numbers, both included.</summary>
    public Task<IReadOnlyList<TrialRow>> Trials(SweepId sweep, int first, int last) => Query<TrialRow>(
        $"{OfTrials} AND t.number BETWEEN @first AND @last ORDER BY t.number", new { id = sweep.Value, first, last });

    public async Task<TrialRow?> Trial(TrialId trial) =>
        (await Query<TrialRow>($"{OfTrials} AND t.number = @number", new { id = trial.Sweep.Value, number = trial.Number }))
            .SingleOrDefault();

    /// <summary>The trials that a slot is training.</summary>
    public Task<IReadOnlyList<TrialRow>> RunningTrials(SweepId sweep) => Query<TrialRow>(
        $"{OfTrials} AND t.state = 'Pending' AND t.recipe IN (SELECT recipe FROM attempt WHERE ended IS NULL) ORDER BY t.number",
        new { id = sweep.Value });

    private const string OfTrials =
        """
        SELECT t.number, t.name, t.parameters, t.replicate, t.epochs, t.granted, t.own, t.recipe, t.state, t.failure, t.reason, t.measured,
               r.json AS recipe_json, r.parameter_count, r.attempt, a.silo,
               CASE WHEN a.attempt IS NOT NULL AND a.ended IS NULL THEN 1 ELSE 0 END AS leased,
               COALESCE(t.final_checkpoint, c.weights) AS final_checkpoint,
               CASE WHEN t.granted < t.epochs AND t.state = 'Pending' AND c.recipe IS NOT NULL THEN 1 ELSE 0 END AS waits
        FROM trial t JOIN training r ON r.recipe = t.recipe
        LEFT JOIN attempt a ON a.recipe = t.recipe AND a.attempt = r.attempt
        LEFT JOIN checkpoint c ON c.recipe = t.recipe AND c.kind = 'state' AND c.epoch = t.granted
        WHERE t.sweep = @id
        """;

    /// <summary>All measurements of the sweep's trainings, by recipe and epoch.</summary>
    public Task<IReadOnlyList<MeasurementRow>> Measurements(SweepId sweep) => Query<MeasurementRow>(
        """
        SELECT m.* FROM measurement m WHERE m.recipe IN (SELECT recipe FROM trial WHERE sweep = @id) ORDER BY m.recipe, m.epoch
        """, new { id = sweep.Value });

    /// <summary>The measurements of the trials from the first to the last of these numbers, both included.</summary>
    public Task<IReadOnlyList<MeasurementRow>> Measurements(SweepId sweep, int first, int last) => Query<MeasurementRow>(
        """
        SELECT m.* FROM measurement m WHERE m.recipe IN (SELECT recipe FROM trial WHERE sweep = @id AND number BETWEEN @first AND @last)
        ORDER BY m.recipe, m.epoch
        """, new { id = sweep.Value, first, last });

    /// <summary>The same without their tables of counts.</summary>
    public Task<IReadOnlyList<MeasurementRow>> Metrics(SweepId sweep, int first, int last) => Query<MeasurementRow>(
        $"""
        SELECT {Numbers} FROM measurement
        WHERE recipe IN (SELECT recipe FROM trial WHERE sweep = @id AND number BETWEEN @first AND @last) ORDER BY recipe, epoch
        """, new { id = sweep.Value, first, last });

    /// <summary>The measurements behind a cursor, in the order of commit. There is one row per trial that shows the measurement.</summary>
    /// <param name="trial">The last trial that was told, among those that show the measurement of that sequence.</param>
    public Task<IReadOnlyList<WatchedMeasurement>> MeasurementsAfter(SweepId sweep, long sequence, int trial, int limit) =>
        Query<WatchedMeasurement>(
        """
        SELECT m.sequence, t.number AS trial FROM measurement m JOIN trial t ON t.recipe = m.recipe AND m.epoch <= t.granted
        WHERE t.sweep = @id AND m.sequence >= @sequence AND (m.sequence > @sequence OR t.number > @trial)
            ORDER BY m.sequence, t.number LIMIT @limit
        """, new { id = sweep.Value, sequence, trial, limit });

    /// <summary>The epochs between two places in the order of commit, both included, without their tables of counts.</summary>
    public Task<IReadOnlyList<MeasurementRow>> MeasurementsBySequence(long first, long last) =>
        Query<MeasurementRow>($"SELECT {Numbers} FROM measurement WHERE sequence BETWEEN @first AND @last", new { first, last });

    /// <summary>The number of the sweep's last event. Whatever is decided of a sweep makes one.</summary>
    public async Task<long> LastEvent(SweepId sweep) =>
        (await Query<long>("SELECT COALESCE(MAX(sequence), 0) FROM sweep_event WHERE sweep = @id", new { id = sweep.Value }))[0];

    public Task<IReadOnlyList<EventRow>> EventsAfter(SweepId sweep, long sequence) => Query<EventRow>(
        "SELECT sequence, at, kind, trial, reason FROM sweep_event WHERE sweep = @id AND sequence > @sequence ORDER BY sequence",
        new { id = sweep.Value, sequence });

    /// <summary>
    /// The events of the preparation that is under way. It began when the sweep was submitted, was last asked to be extended, or when its
    /// search last decided something.
    /// </summary>
    public Task<IReadOnlyList<EventRow>> PreparationEvents(SweepId sweep) => Query<EventRow>(
        $"""
        SELECT sequence, at, kind, trial, reason FROM sweep_event
        WHERE sweep = @id AND kind IN ('{SweepEvents.Preparing}', '{SweepEvents.PreparationBroke}') AND sequence > (
            SELECT MAX(sequence) FROM sweep_event WHERE sweep = @id AND kind IN ('{SweepEvents.Submitted}', '{SweepEvents.ExtensionAsked}',
                '{SweepEvents.Proposed}', '{SweepEvents.Promoted}'))
        ORDER BY sequence
        """, new { id = sweep.Value });

    /// <summary>The latest request to extend a sweep that is not as large yet; null when nothing is under way.</summary>
    public async Task<AskedExtension?> PendingExtension(SweepId sweep) =>
        await LastExtension(sweep) is { Kind: SweepEvents.ExtensionAsked, Reason: { } asked } ? Canonical.Read<AskedExtension>(asked) : null;

    /// <summary>The latest event about extending the sweep: asked, done, or failed; null when there was none.</summary>
    public async Task<EventRow?> LastExtension(SweepId sweep) => (await Query<EventRow>(
        $"""
        SELECT sequence, at, kind, trial, reason FROM sweep_event
        WHERE sweep = @id AND kind IN ('{SweepEvents.ExtensionAsked}', '{SweepEvents.Extended}', '{SweepEvents.ExtensionFailed}')
            ORDER BY sequence DESC LIMIT 1
        """, new { id = sweep.Value })).SingleOrDefault();

    /// <summary>The outcome of a request to extend a sweep, by its key; null when there was none.</summary>
    public async Task<(AskedExtension Asked, string? Outcome, string? Reason)?> ExtensionOf(SweepId sweep, string key)
    {
        var events = await Query<EventRow>(
            $"""
            SELECT sequence, at, kind, trial, reason FROM sweep_event
            WHERE sweep = @id AND kind IN ('{SweepEvents.ExtensionAsked}', '{SweepEvents.Extended}', '{SweepEvents.ExtensionFailed}')
                ORDER BY sequence
            """, new { id = sweep.Value });
        for (int i = 0; i < events.Count; i++)
        {
            if (events[i].Kind != SweepEvents.ExtensionAsked || Canonical.Read<AskedExtension>(events[i].Reason!) is not { } asked
                || asked.Key != key)
                continue;
            var end = i + 1 < events.Count ? events[i + 1] : null;
            return (asked, end?.Kind, end?.Reason);
        }
        return null;
    }

    /// <summary>
    /// The notes about the sweep's data, which are written before any word about a trial, and the word about a search's early end.
    /// </summary>
    public Task<IReadOnlyList<string>> Notes(SweepId sweep) => Query<string>(
        $"""
        SELECT reason FROM sweep_event WHERE sweep = @id AND (sequence <= 100 AND kind = '{SweepEvents.Noted}'
            OR sequence = (SELECT MAX(sequence) FROM sweep_event WHERE sweep = @id AND kind = '{SweepEvents.SearchEnded}')) ORDER BY sequence
        """, new { id = sweep.Value });

    /// <summary>The size that the sweep has been extended to, over all extensions.</summary>
    public async Task<SweepExtension> Extension(SweepId sweep)
    {
        var notes = await Query<string>($"SELECT reason FROM sweep_event WHERE sweep = @id AND kind = '{SweepEvents.Extended}' " +
            "ORDER BY sequence", new { id = sweep.Value });
        var all = notes.Select(Canonical.Read<SweepExtension>).ToList();
        return new SweepExtension(all.Max(e => e.Epochs), all.Max(e => e.Trials), all.Max(e => e.Replicates));
    }

    /// <summary>The last epoch of a training that is measured; 0 before the first.</summary>
    public async Task<int> LastEpoch(Digest recipe) =>
        (await Query<int?>("SELECT MAX(epoch) FROM measurement WHERE recipe = @recipe", new { recipe = recipe.Value })).Single() ?? 0;

    /// <summary>The columns of an epoch without its tables of counts, which may be large.</summary>
    private const string Numbers = "sequence, recipe, epoch, attempt, seconds, metrics, NULL AS counts";

    /// <summary>The epochs of a training up to this one, without their tables of counts.</summary>
    public Task<IReadOnlyList<MeasurementRow>> Measurements(Digest recipe, int upTo) => Query<MeasurementRow>(
        $"SELECT {Numbers} FROM measurement WHERE recipe = @recipe AND epoch <= @upTo ORDER BY epoch", new { recipe = recipe.Value, upTo });

    /// <summary>The epochs of a training from the first to the last of these, both included, with all that is kept of them.</summary>
    public Task<IReadOnlyList<MeasurementRow>> WholeMeasurements(Digest recipe, int first, int last) => Query<MeasurementRow>(
        "SELECT * FROM measurement WHERE recipe = @recipe AND epoch BETWEEN @first AND @last ORDER BY epoch",
        new { recipe = recipe.Value, first, last });

    public Task<IReadOnlyList<TalliedTrial>> TalliedTrials(SweepId sweep) => Query<TalliedTrial>(
        """
        SELECT t.number, t.epochs, t.granted, t.measured, t.state, r.number AS training FROM trial t JOIN training r ON r.recipe = t.recipe
        WHERE t.sweep = @id ORDER BY t.number
        """, new { id = sweep.Value });

    private const string TalliedColumns =
        """
        m.sequence, m.training, m.epoch, m.attempt, m.sweep, m.trial, m.metrics
        """;

    /// <summary>All measured epochs of a sweep's trainings, in the order of each training.</summary>
    public Task<IReadOnlyList<TalliedEpoch>> Tallies(SweepId sweep) => Query<TalliedEpoch>(
        $"""
        SELECT {TalliedColumns} FROM training r JOIN measured m ON m.training = r.number
        WHERE r.recipe IN (SELECT recipe FROM trial WHERE sweep = @id) ORDER BY m.training, m.epoch
        """, new { id = sweep.Value });

    /// <summary>The measured epochs of all sweeps behind a cursor, in the order of commit.</summary>
    public Task<IReadOnlyList<TalliedEpoch>> TalliesAfter(long sequence) =>
        Query<TalliedEpoch>($"SELECT {TalliedColumns} FROM measured m WHERE m.sequence > @sequence ORDER BY m.sequence", new { sequence });

    /// <summary>The cursor behind all measurements in the journal; 0 when there are none.</summary>
    public async Task<long> LastMeasurement() => (await Query<long>("SELECT COALESCE(MAX(sequence), 0) FROM measured"))[0];

    /// <summary>The epochs that a later attempt computed again for one of the sweep's trials.</summary>
    public Task<IReadOnlyList<TrainedEpochRow>> Repeated(SweepId sweep) =>
        Query<TrainedEpochRow>("SELECT trial, epoch, attempt FROM repeated WHERE sweep = @id", new { id = sweep.Value });

    /// <summary>The numbers of the trainings that are leased.</summary>
    public Task<IReadOnlyList<long>> RunningTrainings() =>
        Query<long>("SELECT r.number FROM attempt a JOIN training r ON r.recipe = a.recipe WHERE a.ended IS NULL");

    /// <summary>The epochs that slots computed for each of the sweep's trials, repeats included.</summary>
    public Task<IReadOnlyList<TrainedEpochRow>> TrainedEpochs(SweepId sweep) =>
        Query<TrainedEpochRow>(
            """
            SELECT e.trial, e.epoch, e.attempt FROM training r JOIN measured e ON e.training = r.number
            WHERE r.recipe IN (SELECT recipe FROM trial WHERE sweep = @id) AND e.sweep = @id AND e.attempt > 0
            UNION ALL SELECT trial, epoch, attempt FROM repeated WHERE sweep = @id ORDER BY 1, 2
            """, new { id = sweep.Value });

    public Task<IReadOnlyList<CheckpointRow>> Checkpoints(Digest recipe) => Query<CheckpointRow>(
        "SELECT kind, epoch, weights, optimizer FROM checkpoint WHERE recipe = @recipe ORDER BY epoch DESC", new { recipe = recipe.Value });

    /// <summary>The epochs that living demands ask for and that no checkpoint holds yet, ascending.</summary>
    public Task<IReadOnlyList<int>> Milestones(Digest recipe) => Query<int>(TrainingReads.OfMilestones, new { recipe = recipe.Value });

    public Task<IReadOnlyList<string>> DemandingSweeps(Digest recipe) =>
        Query<string>("SELECT DISTINCT sweep FROM demand WHERE recipe = @recipe", new { recipe = recipe.Value });

    /// <summary>The trials of a sweep that its trainings have settled but its coordinator has not yet recorded.</summary>
    public Task<IReadOnlyList<SettledTrial>> Settled(SweepId sweep) =>
        Query<SettledTrial>($"{TrainingReads.OfSettled} ORDER BY t.number", new { sweep = sweep.Value });

    /// <summary>The trainings whose trials have come to a rung, where they wait for a decision.</summary>
    public Task<IReadOnlyList<string>> Waiting(SweepId sweep) => Query<string>(TrainingReads.OfWaiting, new { sweep = sweep.Value });

    /// <summary>The trials of a sweep that show one of these trainings.</summary>
    public Task<IReadOnlyList<TrialRow>> Trials(SweepId sweep, IReadOnlyCollection<string> recipes) => Ask<IReadOnlyList<TrialRow>>(j =>
        [.. recipes.SelectMany(recipe => j.Query<TrialRow>($"{OfTrials} AND t.recipe = @recipe ORDER BY t.number",
            new { id = sweep.Value, recipe }))]);

    /// <summary>The numbers of a sweep's trials that have not had their last word.</summary>
    public Task<IReadOnlyList<int>> OpenTrials(SweepId sweep) => Query<int>(
        "SELECT number FROM trial WHERE sweep = @sweep AND state NOT IN ('Completed', 'Stopped', 'Failed', 'Cancelled')",
        new { sweep = sweep.Value });

    /// <summary>
    /// The trainings that a slot could take up: demanded beyond what is kept, and not failed. They come in the order of the sweep's trials.
    /// </summary>
    /// <param name="sweep">The sweep; null for all.</param>
    /// <param name="recipe">The recipe; null for all.</param>
    public Task<IReadOnlyList<WorkRow>> Work(SweepId? sweep, Digest? recipe = null) => Query<WorkRow>(
        $"""
        SELECT d.sweep, d.recipe, MIN(d.trial) AS first, r.fingerprint, MIN(r.json) AS json FROM demand d JOIN training r ON r.recipe = d.recipe
        WHERE {OpenDemand.Of("d")} {(sweep is null ? "" : "AND d.sweep = @id")} {(recipe is null ? "" : "AND d.recipe = @recipe")}
        GROUP BY d.sweep, d.recipe, r.fingerprint ORDER BY d.sweep, MIN(d.trial)
        """, new { id = sweep?.Value, recipe = recipe?.Value });

    public Task<IReadOnlyList<RunningAttempt>> RunningAttempts() =>
        Query<RunningAttempt>("SELECT recipe, attempt, silo, generation, slot, expires FROM attempt WHERE ended IS NULL");

    /// <summary>How the attempts of a training were cut off, since the last one that got an epoch further.</summary>
    public async Task<IReadOnlyList<AttemptOutcome>> DeathsWithoutProgress(Digest recipe) =>
        [.. (await Deaths(recipe.Value)).Select(d => d.Outcome)];

    /// <summary>The deaths of every training that can still be trained, by recipe.</summary>
    public async Task<ILookup<string, AttemptOutcome>> DeathsWithoutProgress() =>
        (await Deaths(null)).ToLookup(d => d.Recipe, d => d.Outcome);

    private Task<IReadOnlyList<DeathRow>> Deaths(string? recipe) => Query<DeathRow>(
        $"""
        SELECT a.recipe, a.outcome FROM attempt a
            WHERE a.outcome IN ({LeaseWrites.Deaths}) {(recipe is null ? "" : "AND a.recipe = @recipe")}
          AND NOT EXISTS (SELECT 1 FROM failure f WHERE f.recipe = a.recipe AND f.from_epoch <= 1)
          AND NOT EXISTS (SELECT 1 FROM measurement m WHERE m.recipe = a.recipe AND m.attempt >= a.attempt)
        """, new { recipe });

    /// <summary>
    /// The time since which something is under way that may still refer to a checkpoint it has put. It is the start of the oldest running
    /// attempt, preparation or extension, or now when there is none.
    /// </summary>
    public async Task<DateTimeOffset> UnderWaySince(DateTimeOffset now) => (await Query<long?>(
        $"""
        SELECT MIN(began) FROM (
            SELECT started AS began FROM attempt WHERE ended IS NULL
            UNION ALL SELECT submitted FROM sweep WHERE state = 'Preparing'
            UNION ALL SELECT e.at FROM sweep s JOIN sweep_event e ON e.sweep = s.id AND e.kind = '{SweepEvents.ExtensionAsked}'
                WHERE s.state IN ('Running', 'Paused') AND NOT EXISTS (SELECT 1 FROM sweep_event o
                    WHERE o.sweep = e.sweep AND o.sequence > e.sequence
                        AND o.kind IN ('{SweepEvents.Extended}', '{SweepEvents.ExtensionFailed}'))) AS work
        """))[0] is { } began ? DateTimeOffset.FromUnixTimeMilliseconds(began) : now;

    /// <summary>The files of every checkpoint, with the training they belong to.</summary>
    public Task<IReadOnlyList<CheckpointFiles>> CheckpointFiles() =>
        Query<CheckpointFiles>("SELECT recipe, kind, epoch, weights, optimizer, bytes FROM checkpoint");

    /// <summary>The recipe of each trial.</summary>
    /// <param name="sweep">The sweep; null for all.</param>
    public Task<IReadOnlyList<DemandRow>> TrialsOfTrainings(SweepId? sweep) => Query<DemandRow>(
        $"SELECT sweep, number AS trial, recipe FROM trial {(sweep is null ? "" : "WHERE sweep = @id")} ORDER BY sweep, number",
        new { id = sweep?.Value });

    public Task<IReadOnlyList<string>> Recipes() => Query<string>("SELECT json FROM training");

    /// <summary>The demands whose trial has ended or is gone, so that nobody waits for them.</summary>
    public Task<IReadOnlyList<DemandRow>> OrphanDemands() => Query<DemandRow>(
        """
        SELECT d.sweep, d.trial, d.recipe FROM demand d
        LEFT JOIN trial t ON t.sweep = d.sweep AND t.number = d.trial LEFT JOIN sweep s ON s.id = d.sweep
        WHERE t.number IS NULL OR s.id IS NULL OR s.state = 'Cancelled'
            OR (d.purpose = 'Trial' AND (t.state <> 'Pending' OR s.state <> 'Running'))
        """);

    /// <summary>The trainings that ended by themselves without an epoch, with a trial that shows each.</summary>
    public Task<IReadOnlyList<StalledTraining>> Stalled() => Query<StalledTraining>(
        $"""
        SELECT f.recipe, f.reason, t.sweep, MIN(t.number) AS trial FROM failure f
        JOIN trial t ON t.recipe = f.recipe JOIN sweep s ON s.id = t.sweep AND s.state <> 'Cancelled'
        WHERE f.class = '{nameof(FailureClass.Stalled)}' GROUP BY f.recipe, f.reason, t.sweep ORDER BY t.sweep, MIN(t.number)
        """);

    public async Task<TrainingRow?> Training(Digest recipe) =>
        (await Query<TrainingRow>(TrainingReads.OfTraining, new { recipe = recipe.Value })).SingleOrDefault();

    public Task<IReadOnlyList<CacheEntry>> CacheEntries() => Query<CacheEntry>(
        """
        SELECT r.recipe, k.bytes, r.used, r.shared,
               COALESCE((SELECT SUM(m.seconds) FROM measurement m WHERE m.recipe = r.recipe AND m.epoch <= k.epoch), 0) AS seconds,
               CASE WHEN EXISTS (SELECT 1 FROM trial t WHERE t.recipe = r.recipe AND t.state IN ('Pending', 'Paused'))
                      OR EXISTS (SELECT 1 FROM attempt a WHERE a.recipe = r.recipe AND a.ended IS NULL) THEN 1 ELSE 0 END AS needed
        FROM (SELECT recipe, CAST(SUM(bytes) AS BIGINT) AS bytes, MAX(epoch) AS epoch FROM checkpoint GROUP BY recipe) k
        JOIN training r ON r.recipe = k.recipe ORDER BY r.recipe
        """);

    /// <summary>The disk budget in bytes; null for no limit.</summary>
    public async Task<long?> CacheSize() => (await Query<long?>("SELECT size FROM cache WHERE id = 0"))[0];

    /// <summary>The files that checkpoints refer to, by name, behind the given one.</summary>
    public Task<IReadOnlyList<string>> CheckpointNames(string after = "") => Query<string>(
        """
        SELECT f FROM (SELECT weights AS f FROM checkpoint UNION SELECT optimizer FROM checkpoint WHERE optimizer IS NOT NULL) AS files
        WHERE f > @after ORDER BY f
        """, new { after });

    /// <summary>
    /// The recipes that trials show, as canonical JSON. A paused trial may go on, and a finished one may be extended or verified.
    /// </summary>
    public Task<IReadOnlyList<string>> ShownRecipes() =>
        Query<string>("SELECT json FROM training r WHERE EXISTS (SELECT 1 FROM trial t WHERE t.recipe = r.recipe)");

    public Task<IReadOnlyList<SiloRow>> Silos() => Query<SiloRow>(
        """
        SELECT s.*, (SELECT COUNT(*) FROM attempt a WHERE a.generation = s.generation AND a.ended IS NULL) AS busy FROM silo s
            ORDER BY s.name
        """);
}

public sealed record CheckpointFiles
{
    public required string Recipe { get; init; }
    public required string Kind { get; init; }
    public required int Epoch { get; init; }
    public required string Weights { get; init; }
    public required string? Optimizer { get; init; }
    public required long Bytes { get; init; }
}

public sealed record DemandRow
{
    public required string Sweep { get; init; }
    public required int Trial { get; init; }
    public required string Recipe { get; init; }
}

public sealed record WatchedMeasurement
{
    public required long Sequence { get; init; }
    public required int Trial { get; init; }
}

public sealed record EventRow
{
    public required long Sequence { get; init; }
    /// <summary>Unix milliseconds.</summary>
    public required long At { get; init; }
    public required string Kind { get; init; }
    public required int? Trial { get; init; }
    public required string? Reason { get; init; }
}

public sealed record SettledTrial
{
    public required int Number { get; init; }
    public required string Recipe { get; init; }
    public required FailureClass? Failure { get; init; }
    public required string? Reason { get; init; }
}

public sealed record StalledTraining
{
    public required string Recipe { get; init; }
    public required string Reason { get; init; }
    public required string Sweep { get; init; }
    public required int Trial { get; init; }
}

public sealed record DeathRow
{
    public required string Recipe { get; init; }
    public required AttemptOutcome Outcome { get; init; }
}

public sealed record WorkRow
{
    public required string Sweep { get; init; }
    public required string Recipe { get; init; }
    public required int First { get; init; }
    public required string? Fingerprint { get; init; }

    /// <summary>The recipe's numeric path; empty when it names none.</summary>
    public string NumericPath { get; private init; } = "";

    /// <summary>The recipe as canonical JSON, of which only the numeric path is kept.</summary>
    public string Json
    {
        init => NumericPath = Interfaces.Model.Recipe.NumericPathOf(value);
    }
}

public sealed record RunningAttempt
{
    public required string Recipe { get; init; }
    public required int Attempt { get; init; }
    public required string Silo { get; init; }
    public required string Generation { get; init; }
    public required int Slot { get; init; }
    public required long Expires { get; init; }
}

public sealed record TrainingRow
{
    public required string Recipe { get; init; }
    public required string Json { get; init; }
    public required string Data { get; init; }
    public required string? Traceparent { get; init; }
    public required string? Fingerprint { get; init; }
    /// <summary>Null, as are the next two, where it has not failed.</summary>
    public required FailureClass? Failure { get; init; }
    public required int? FailedFrom { get; init; }
    public required string? Reason { get; init; }
}
