using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Storage.Journal;

/// <summary>The writes of a training's attempt. Each statement is fenced: a silo that lost its lease changes nothing.</summary>
public static class TrainingWrites
{
    private static string Living(JournalTransaction journal) =>
        $"EXISTS (SELECT 1 FROM attempt WHERE recipe = @Recipe AND attempt = @Attempt AND {journal.UnderWay})";

    /// <summary>Records where the attempt starts from: the epoch of the checkpoint it resumes, or 0.</summary>
    public static void StartFrom(this JournalTransaction journal, Digest recipe, int attempt, int epoch) =>
        journal.Execute("UPDATE attempt SET from_epoch = @epoch WHERE recipe = @recipe AND attempt = @attempt AND ended IS NULL",
            new { recipe = recipe.Value, attempt, epoch });

    public static WriteOutcome Measure(this JournalTransaction journal, Digest recipe, int attempt, Measurement m)
    {
        int added = journal.Execute(
            $"""
            INSERT INTO measured (training, epoch, attempt, seconds, metrics, counts, sweep, trial)
            SELECT r.number, @Epoch, @Attempt, @Seconds, @Metrics, @Counts, f.sweep, f.trial
            FROM training r LEFT JOIN ({FirstToAsk}) f ON f.recipe = r.recipe
            WHERE r.recipe = @Recipe AND {Living(journal)} ON CONFLICT (training, epoch) DO NOTHING
            """,
            new
            {
                Recipe = recipe.Value,
                Attempt = attempt,
                m.Epoch,
                m.Seconds,
                Metrics = m.Values.Packed,
                Counts = m.Counts == CountTables.None ? null : m.Counts.Packed,
            });
        if (added == 1) return WriteOutcome.Accepted;
        if (!journal.Lives(recipe, attempt)) return WriteOutcome.Refused;

        var known = journal.QueryFirstOrDefault<MeasurementRow>("SELECT * FROM measurement WHERE recipe = @recipe AND epoch = @epoch",
            new { recipe = recipe.Value, epoch = m.Epoch })!;
        if (known.Attempt != attempt) journal.NoteRepeat(recipe, attempt, m.Epoch);
        return known.ToMeasurement().SameNumbers(m) ? WriteOutcome.Accepted : WriteOutcome.Contradicted;
    }

    /// <summary>Adds a checkpoint whose files are in the store. It forgets the older checkpoints of the given kinds.</summary>
    public static WriteOutcome Checkpoint(this JournalTransaction journal, Digest recipe, int attempt, NewCheckpoint checkpoint, long at)
    {
        int added = journal.Execute(
            $"""
            INSERT INTO checkpoint (recipe, kind, epoch, weights, optimizer, bytes, at)
            SELECT @Recipe, @Kind, @Epoch, @Weights, @Optimizer, @Bytes, @At WHERE {Living(journal)}
                ON CONFLICT (recipe, kind, epoch) DO NOTHING
            """,
            new
            {
                Recipe = recipe.Value,
                Attempt = attempt,
                checkpoint.Kind,
                checkpoint.Epoch,
                Weights = checkpoint.Weights.Value,
                Optimizer = checkpoint.Optimizer?.Value,
                checkpoint.Bytes,
                At = at,
            });
        if (added == 0 && !journal.Lives(recipe, attempt)) return WriteOutcome.Refused;
        if (checkpoint.Kind == CheckpointKinds.State)
            journal.Execute("DELETE FROM demand WHERE recipe = @recipe AND purpose = 'Weights' AND epochs = @epoch",
                new { recipe = recipe.Value, epoch = checkpoint.Epoch });
        return WriteOutcome.Accepted;
    }

    /// <summary>
    /// Forgets the training's checkpoints that nothing needs. These are states older than the newest two that are no trial's end, and best
    /// weights that were beaten within every trial's budget. Returns the files that no checkpoint refers to any more.
    /// </summary>
    public static IReadOnlyList<Digest> RetireCheckpoints(this JournalTransaction journal, Digest recipe)
    {
        const string Retired =
            """
            recipe = @recipe AND (
                (kind = 'state' AND epoch NOT IN (SELECT granted FROM trial WHERE recipe = @recipe)
                    AND epoch <> COALESCE((SELECT fork_epoch FROM training WHERE recipe = @recipe), 0)
                    AND epoch NOT IN (SELECT epoch FROM checkpoint WHERE recipe = @recipe AND kind = 'state' ORDER BY epoch DESC LIMIT 2))
                OR (kind <> 'state' AND EXISTS (SELECT 1 FROM checkpoint b WHERE b.recipe = @recipe AND b.kind = checkpoint.kind
                    AND b.epoch > checkpoint.epoch
                    AND NOT EXISTS (SELECT 1 FROM trial t WHERE t.recipe = @recipe AND t.granted >= checkpoint.epoch
                        AND t.granted < b.epoch))))
            """;
        var parameters = new { recipe = recipe.Value };
        var files = journal.Query<string>(
            $"SELECT weights FROM checkpoint WHERE {Retired} UNION SELECT optimizer FROM checkpoint WHERE optimizer IS NOT NULL " +
            $"AND {Retired}", parameters);
        if (files.Count == 0) return [];
        journal.Execute($"DELETE FROM checkpoint WHERE {Retired}", parameters);
        return journal.Orphans(files);
    }

    /// <summary>Records how the training failed. Nothing is written when the attempt is over.</summary>
    public static void Fail(this JournalTransaction journal, Digest recipe, int attempt, TrainingFailure failure)
    {
        if (journal.Lives(recipe, attempt)) journal.Fail(recipe, failure);
    }

    /// <summary>Records a failure for the broker, whose term was checked. It replaces one that leaves more that can be met.</summary>
    public static void Fail(this JournalTransaction journal, Digest recipe, TrainingFailure failure)
    {
        journal.Execute(
            """
            INSERT INTO failure (recipe, class, from_epoch, reason) VALUES (@recipe, @type, @from, @reason)
            ON CONFLICT (recipe) DO UPDATE SET class = excluded.class, from_epoch = excluded.from_epoch, reason = excluded.reason
            WHERE excluded.from_epoch < failure.from_epoch
            """,
            new { recipe = recipe.Value, type = failure.Class.ToString(), from = failure.FromEpoch, reason = failure.Reason });
        // Nobody waits for weights that cannot come.
        journal.Execute("DELETE FROM demand WHERE recipe = @recipe AND purpose = 'Weights' AND epochs >= @from",
            new { recipe = recipe.Value, from = failure.FromEpoch });
    }

    /// <summary>
    /// Forgets the failures that the cluster caused. A divergence stays, because the recipe causes it and the same bits would come again.
    /// </summary>
    public static void Forgive(this JournalTransaction journal, string recipe) =>
        journal.Execute("DELETE FROM failure WHERE recipe = @recipe AND class <> @diverged",
            new { recipe, diverged = nameof(FailureClass.Diverged) });

    /// <summary>
    /// Ends an attempt by its own word, and returns whether it was still under way. An attempt may meet or fail a demand without a single
    /// epoch, and leave one that could be met. It would only do so again. So its training is failed, and `doctor` names it.
    /// </summary>
    /// <param name="advanced">Whether the attempt has measured an epoch.</param>
    public static bool EndAttempt(this JournalTransaction journal, Digest recipe, int attempt, long at, AttemptOutcome outcome,
        bool advanced)
    {
        if (!journal.EndAttempt(recipe.Value, attempt, at, outcome)) return false;
        if (advanced || outcome is not (AttemptOutcome.Met or AttemptOutcome.Failed) || !OpenDemand.Any(journal, recipe.Value)) return true;
        journal.Fail(recipe, TrainingFailure.Whole(FailureClass.Stalled,
            $"Attempt {attempt} ended by itself ({outcome}) without an epoch, although more is asked for. The silo's log may tell why; " +
            "then `sweep retry`."));
        return true;
    }

    /// <summary>
    /// The trial for which an epoch is computed. It is the first trial (oldest sweep, then lowest number) that asks for the epoch at this
    /// moment. Every other trial that shows the epoch reuses it.
    /// </summary>
    private const string FirstToAsk =
        """
        SELECT d.recipe, d.sweep, d.trial FROM demand d JOIN sweep s ON s.id = d.sweep WHERE d.recipe = @Recipe AND d.epochs >= @Epoch
        ORDER BY s.submitted, s.id, d.trial LIMIT 1
        """;

    private static void NoteRepeat(this JournalTransaction journal, Digest recipe, int attempt, int epoch) => journal.Execute(
        $"""
        INSERT INTO repeated (training, epoch, attempt, sweep, trial) SELECT r.number, @Epoch, @Attempt, f.sweep, f.trial
        FROM training r LEFT JOIN ({FirstToAsk}) f ON f.recipe = r.recipe WHERE r.recipe = @Recipe ON CONFLICT DO NOTHING
        """, new { Recipe = recipe.Value, Epoch = epoch, Attempt = attempt });

    public static bool Lives(this JournalTransaction journal, Digest recipe, int attempt) =>
        journal.QueryFirstOrDefault<int?>($"SELECT 1 WHERE {Living(journal)}", new { Recipe = recipe.Value, Attempt = attempt }) == 1;

    public static Measurement ToMeasurement(this MeasurementRow row) => new()
    {
        Epoch = row.Epoch,
        Values = new MetricValues(row.Metrics),
        Seconds = row.Seconds,
        Counts = row.Counts is null ? CountTables.None : new CountTables(row.Counts),
    };
}

/// <summary>The outcome of a fenced write.</summary>
public enum WriteOutcome
{
    /// <summary>The row is in the journal, from this write or from an earlier one with the same bits.</summary>
    Accepted,
    /// <summary>The attempt is over; nothing was written.</summary>
    Refused,
    /// <summary>The journal holds other bits for this epoch.</summary>
    Contradicted,
}

/// <param name="Kind">One of <see cref="CheckpointKinds"/>.</param>
/// <param name="Optimizer">Null where only the weights are kept.</param>
public sealed record NewCheckpoint(string Kind, int Epoch, Digest Weights, Digest? Optimizer, long Bytes);

/// <summary>The purposes of a checkpoint.</summary>
public static class CheckpointKinds
{
    /// <summary>Weights and optimizer, from which training goes on. They are also a trial's final weights.</summary>
    public const string State = "state";

    /// <summary>
    /// Every kind of best weights that a training keeps: those that its program names, and those of the objectives that its sweeps rank by.
    /// </summary>
    /// <param name="asked">The objectives of the sweeps that demand the training.</param>
    public static IEnumerable<(string Name, Objective Objective)> Best(MetricVocabulary metrics, IEnumerable<Objective> asked) =>
        metrics.Kept.Concat(asked.Select(o => o with { At = ReadAt.Best })).Distinct().Select(o => (NameOf(o), o));

    private static string NameOf(Objective objective) =>
        $"best_{objective.Metric}_{objective.Goal.ToString().ToLowerInvariant()}";
}
