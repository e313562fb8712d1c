using Grains.Interfaces.Model;

namespace Grains.Storage.Journal;

/// <summary>The coordinator's writes. Every one but the first is fenced by the activation's term.</summary>
public static class SweepWrites
{
    /// <summary>Records a sweep, once. It returns false when the sweep is in the journal already.</summary>
    public static bool Submit(this JournalTransaction journal, SweepRow sweep)
    {
        int added = journal.Execute(
            """
            INSERT INTO sweep (id, term, name, submitted, state, objective, metrics, text, folder, file_name, traceparent, reuse, fork, spec)
            VALUES (@Id, @Term, @Name, @Submitted, @State, @Objective, @Metrics, @Text, @Folder, @FileName, @Traceparent, @Reuse, @Fork, @Spec)
                ON CONFLICT (id) DO NOTHING
            """,
            new
            {
                sweep.Id,
                sweep.Term,
                sweep.Name,
                sweep.Submitted,
                State = sweep.State.ToString(),
                sweep.Objective,
                sweep.Metrics,
                sweep.Text,
                sweep.Folder,
                sweep.FileName,
                sweep.Traceparent,
                sweep.Reuse,
                sweep.Fork,
                sweep.Spec,
            });
        if (added == 1) journal.Append(new SweepId(sweep.Id), sweep.Submitted, SweepEvents.Submitted);
        return added == 1;
    }

    /// <summary>Begins a new term and returns it. It returns null when there is no such sweep.</summary>
    public static long? BeginTerm(this JournalTransaction journal, SweepId sweep)
    {
        journal.Execute("UPDATE sweep SET term = term + 1 WHERE id = @id", new { id = sweep.Value });
        return journal.QueryFirstOrDefault<long?>("SELECT term FROM sweep WHERE id = @id", new { id = sweep.Value });
    }

    /// <exception cref="FencedException">Another activation has begun a later term.</exception>
    public static void RequireTerm(this JournalTransaction journal, SweepId sweep, long term)
    {
        long? current = journal.QueryFirstOrDefault<long?>("SELECT term FROM sweep WHERE id = @id", new { id = sweep.Value });
        if (current != term)
            throw new FencedException($"Sweep {sweep}: term {term} is over, the journal is at {current?.ToString() ?? "none"}.");
    }

    public static void Append(this JournalTransaction journal, SweepId sweep, long at, string kind, int? trial = null,
        string? reason = null) =>
        journal.Execute(
            """
            INSERT INTO sweep_event (sweep, sequence, at, kind, trial, reason)
            SELECT @sweep, COALESCE(MAX(sequence), 0) + 1, @at, @kind, @trial, @reason FROM sweep_event WHERE sweep = @sweep
            """, new { sweep = sweep.Value, at, kind, trial, reason });

    /// <summary>
    /// Notes what a person should know of the sweep's data. The note is written once, however often the sweep is prepared.
    /// </summary>
    public static void Note(this JournalTransaction journal, SweepId sweep, long at, string note) =>
        journal.AppendOnce(sweep, at, SweepEvents.Noted, note);

    /// <summary>Appends an event of the whole sweep, unless there is such a one with this reason.</summary>
    public static void AppendOnce(this JournalTransaction journal, SweepId sweep, long at, string kind, string reason)
    {
        const string known = "SELECT 1 FROM sweep_event WHERE sweep = @sweep AND kind = @kind AND reason = @reason";
        if (journal.QueryFirstOrDefault<int?>(known, new { sweep = sweep.Value, kind, reason }) is not null) return;
        journal.Append(sweep, at, kind, reason: reason);
    }

    /// <summary>
    /// Writes a part of preparation: trainings, and all trials of each. Without demands they make nobody work, and may be written again.
    /// </summary>
    /// <returns>The number of epochs that are left to train of them.</returns>
    public static long Prepare(this JournalTransaction journal, long at, IEnumerable<NewTraining> trainings, IReadOnlyList<NewTrial> trials)
    {
        foreach (var training in trainings)
        {
            journal.Execute(
                """
                INSERT INTO training (recipe, json, data, parameter_count, traceparent, attempt, used, shared)
                VALUES (@Recipe, @Json, @Data, @ParameterCount, @Traceparent, 0, @at, @shared)
                ON CONFLICT (recipe) DO UPDATE SET data = excluded.data, traceparent = excluded.traceparent, used = excluded.used
                """,
                new
                {
                    training.Recipe,
                    training.Json,
                    training.Data,
                    training.ParameterCount,
                    training.Traceparent,
                    at,
                    shared = training.Shared ? 1 : 0,
                });
            journal.Forgive(training.Recipe);
            journal.BeginFork(training, at);
        }
        foreach (var trial in trials)
        {
            journal.Execute(
                """
                INSERT INTO trial (sweep, number, name, parameters, replicate, epochs, granted, own, recipe, state)
                VALUES (@Sweep, @Number, @Name, @Parameters, @Replicate, @Epochs, @Granted, @Own, @Recipe, 'Pending')
                ON CONFLICT (sweep, number) DO UPDATE SET epochs = excluded.epochs, granted = excluded.granted, recipe = excluded.recipe
                """, trial);
        }
        return journal.EpochsToTrain(trials);
    }

    /// <summary>Completes the preparation: the demands go out.</summary>
    public static void Prepared(this JournalTransaction journal, SweepId sweep, long at, IReadOnlyList<string> classNames, long toTrain)
    {
        var id = new { id = sweep.Value };
        journal.Execute("INSERT INTO demand (sweep, trial, purpose, recipe, epochs) SELECT sweep, number, 'Trial', recipe, granted " +
            "FROM trial WHERE sweep = @id", id);
        journal.Execute(
            """
            UPDATE sweep SET state = 'Running', class_names = @names, epochs_to_train = @toTrain,
                epochs_asked = (SELECT COALESCE(SUM(granted), 0) FROM trial WHERE sweep = @id) WHERE id = @id
            """, new { id = sweep.Value, names = string.Join('\n', classNames), toTrain });
        var count = journal.Query<PreparedCount>(
            "SELECT COUNT(*) AS trials, COUNT(DISTINCT recipe) AS trainings FROM trial WHERE sweep = @id", id)[0];
        journal.Append(sweep, at, "Prepared", reason: $"{count.Trials} trials of {count.Trainings} trainings");
    }

    /// <summary>Adds trials beyond those that the sweep had. Their demands go with them, unless the sweep is paused.</summary>
    /// <param name="as">The kind of event that tells of each.</param>
    public static void AddTrials(this JournalTransaction journal, SweepId sweep, long at, IReadOnlyList<NewTraining> trainings,
        IReadOnlyList<NewTrial> trials, bool demanded, string @as = SweepEvents.Added)
    {
        if (trials.Count == 0) return;
        long toTrain = journal.Prepare(at, trainings, trials);
        foreach (var trial in trials)
        {
            journal.Execute(demanded
                ? "INSERT INTO demand (sweep, trial, purpose, recipe, epochs) VALUES (@Sweep, @Number, 'Trial', @Recipe, @Granted)"
                : "UPDATE trial SET state = 'Paused' WHERE sweep = @Sweep AND number = @Number", trial);
            journal.Append(sweep, at, @as, trial.Number);
        }
        journal.Execute("UPDATE sweep SET epochs_asked = epochs_asked + @asked, epochs_to_train = epochs_to_train + @toTrain " +
            "WHERE id = @id",
            new { id = sweep.Value, asked = trials.Sum(t => (long)t.Granted), toTrain });
    }

    /// <summary>Records that somebody wants the sweep larger. The sweep has not ended until it is.</summary>
    public static void AskExtension(this JournalTransaction journal, SweepId sweep, long at, AskedExtension asked)
    {
        journal.Append(sweep, at, SweepEvents.ExtensionAsked, reason: Canonical.Json(asked));
        journal.ReopenSweep(sweep);
    }

    /// <summary>Records the size that a sweep was extended to, so that the next extension begins there.</summary>
    public static void NoteExtension(this JournalTransaction journal, SweepId sweep, long at, SweepExtension extension) =>
        journal.Append(sweep, at, SweepEvents.Extended, reason: Canonical.Json(extension));

    /// <summary>Whether the sweep is still being prepared. It may have been cancelled meanwhile.</summary>
    public static bool IsPreparing(this JournalTransaction journal, SweepId sweep) =>
        journal.QueryFirstOrDefault<int?>("SELECT 1 FROM sweep WHERE id = @id AND state = 'Preparing'",
            new { id = sweep.Value }) is not null;

    /// <summary>Forgets what was prepared.</summary>
    public static void Unprepare(this JournalTransaction journal, SweepId sweep) =>
        journal.Execute("DELETE FROM trial WHERE sweep = @id", new { id = sweep.Value });

    private sealed record PreparedCount
    {
        public required long Trials { get; init; }
        public required long Trainings { get; init; }
    }

    /// <summary>
    /// Lets a fork take over its parent's measurements up to their last common epoch. The parent's state there becomes the first of the
    /// fork's own checkpoints.
    /// </summary>
    private static void BeginFork(this JournalTransaction journal, NewTraining training, long at)
    {
        if (training.Fork is not { } fork) return;
        journal.Execute("UPDATE training SET fork_epoch = @Epoch WHERE recipe = @Recipe", new { training.Recipe, fork.Epoch });
        journal.Execute(
            """
            INSERT INTO measured (training, epoch, attempt, seconds, metrics, counts)
            SELECT r.number, m.epoch, 0, m.seconds, m.metrics, m.counts
            FROM measurement m JOIN training r ON r.recipe = @Recipe
            WHERE m.recipe = @Training AND m.epoch <= @Epoch ORDER BY m.epoch ON CONFLICT (training, epoch) DO NOTHING
            """, new { training.Recipe, fork.Training, fork.Epoch });
        journal.Execute(
            """
            INSERT INTO checkpoint (recipe, kind, epoch, weights, optimizer, bytes, at)
            VALUES (@Recipe, 'state', @Epoch, @weights, @optimizer, @Bytes, @at) ON CONFLICT (recipe, kind, epoch) DO NOTHING
            """, new { training.Recipe, fork.Epoch, weights = fork.Weights.Value, optimizer = fork.Optimizer.Value, fork.Bytes, at });
    }

    /// <summary>
    /// Writes a trial's last word, and withdraws its demand with it. A second word is ignored. Completed holds only while the final weights
    /// are kept. Their name goes into the trial, so that it outlives them.
    /// </summary>
    /// <returns>Whether the trial has ended, by this call or before.</returns>
    public static bool EndTrial(this JournalTransaction journal, SweepId sweep, long at, int number, TrialState state,
        FailureClass? failure, string? reason)
    {
        int changed = journal.Execute(
            $"""
            UPDATE trial SET state = @state, failure = @failure, reason = @reason, final_checkpoint = ({FinalWeights}),
                measured = CASE WHEN @state = 'Stopped' THEN trial.granted
                    WHEN @state = 'Cancelled' THEN (SELECT COUNT(*) FROM measurement m WHERE m.recipe = trial.recipe
                        AND m.epoch <= trial.granted) END
            WHERE sweep = @sweep AND number = @number AND state NOT IN ('Completed', 'Stopped', 'Failed', 'Cancelled')
              AND (@state <> 'Completed' OR EXISTS ({FinalWeights}))
            """, new { sweep = sweep.Value, number, state = state.ToString(), failure = failure?.ToString(), reason });
        if (changed == 0 && state == TrialState.Completed && journal.QueryFirstOrDefault<int?>(
            "SELECT 1 FROM demand WHERE sweep = @sweep AND trial = @number AND purpose = 'Trial'", new { sweep = sweep.Value, number })
                is not null)
            return false;
        journal.Execute("DELETE FROM demand WHERE sweep = @sweep AND trial = @number AND purpose = 'Trial'",
            new { sweep = sweep.Value, number });
        if (changed == 1)
        {
            journal.Execute("UPDATE training SET used = @at WHERE recipe = (SELECT recipe FROM trial WHERE sweep = @sweep " +
                "AND number = @number)",
                new { sweep = sweep.Value, number, at });
            journal.Append(sweep, at, state.ToString(), number, reason);
        }
        return true;
    }

    /// <summary>Gives their last word to the trials that these trainings have met or failed.</summary>
    /// <returns>The numbers of these trials.</returns>
    public static IReadOnlyList<int> Settle(this JournalTransaction journal, SweepId sweep, long at, IEnumerable<string> recipes)
    {
        var ended = new List<int>();
        foreach (string recipe in recipes)
        {
            foreach (var trial in journal.Query<SettledTrial>($"{TrainingReads.OfSettled} AND t.recipe = @recipe",
                new { sweep = sweep.Value, recipe }))
            {
                if (journal.EndTrial(sweep, at, trial.Number, trial.Failure is null ? TrialState.Completed : TrialState.Failed,
                    trial.Failure, trial.Reason))
                    ended.Add(trial.Number);
            }
        }
        return ended;
    }

    private const string FinalWeights =
        "SELECT c.weights FROM checkpoint c WHERE c.recipe = trial.recipe AND c.kind = 'state' AND c.epoch = trial.granted";

    /// <summary>
    /// Asks for the weights at an epoch, which are not kept any more. This is an ordinary demand, which goes when they are kept.
    /// </summary>
    public static void DemandWeights(this JournalTransaction journal, SweepId sweep, int trial, int epoch) => journal.Execute(
        """
        INSERT INTO demand (sweep, trial, purpose, recipe, epochs)
        SELECT sweep, number, 'Weights', recipe, @epoch FROM trial WHERE sweep = @sweep AND number = @trial
        ON CONFLICT (sweep, trial, purpose) DO UPDATE SET epochs = excluded.epochs
        """, new { sweep = sweep.Value, trial, epoch });

    public static void PauseSweep(this JournalTransaction journal, SweepId sweep, long at)
    {
        var id = new { sweep = sweep.Value };
        journal.Execute("DELETE FROM demand WHERE sweep = @sweep", id);
        journal.Execute("UPDATE trial SET state = 'Paused' WHERE sweep = @sweep AND state = 'Pending'", id);
        journal.Execute("UPDATE sweep SET state = 'Paused' WHERE id = @sweep", id);
        journal.Append(sweep, at, "SweepPaused");
    }

    public static void ResumeSweep(this JournalTransaction journal, SweepId sweep, long at)
    {
        var id = new { sweep = sweep.Value };
        journal.Execute("UPDATE trial SET state = 'Pending' WHERE sweep = @sweep AND state = 'Paused'", id);
        journal.Execute(
            """
            INSERT INTO demand (sweep, trial, purpose, recipe, epochs)
            SELECT sweep, number, 'Trial', recipe, granted FROM trial WHERE sweep = @sweep AND state = 'Pending'
            ON CONFLICT (sweep, trial, purpose) DO NOTHING
            """, id);
        journal.Execute("UPDATE sweep SET state = 'Running' WHERE id = @sweep", id);
        journal.Append(sweep, at, "SweepResumed");
    }

    /// <summary>Lets a failed trial wait again. Its training may try anew, and the deaths it is charged with are forgiven.</summary>
    public static void RetryTrial(this JournalTransaction journal, SweepId sweep, long at, int number, Digest recipe, bool demanded)
    {
        journal.Forgive(recipe.Value);
        journal.Execute($"UPDATE attempt SET outcome = '{nameof(AttemptOutcome.Forgiven)}' WHERE recipe = @recipe " +
            $"AND outcome IN ({LeaseWrites.Deaths})",
            new { recipe = recipe.Value });
        journal.Reopen(sweep, number, demanded);
        journal.Append(sweep, at, "Retried", number);
    }

    /// <summary>
    /// Gives a trial a larger budget. A trial that its recipe failed stays failed, as it would fail there in a fresh sweep too.
    /// </summary>
    public static void ExtendTrial(this JournalTransaction journal, SweepId sweep, long at, TrialRow trial, int epochs, bool demanded)
    {
        var key = new { sweep = sweep.Value, number = trial.Number, epochs };
        journal.Execute("UPDATE trial SET epochs = @epochs, granted = @epochs WHERE sweep = @sweep AND number = @number", key);
        journal.Execute("UPDATE demand SET epochs = @epochs WHERE sweep = @sweep AND trial = @number AND purpose = 'Trial'", key);
        if (trial.State == TrialState.Completed) journal.Reopen(sweep, trial.Number, demanded);
        journal.Append(sweep, at, "Extended", trial.Number, $"{trial.Epochs} to {epochs} epochs");
    }

    /// <summary>
    /// Lets a trial of a search go on to a further rung. One that was stopped may go on when the search has been extended. What has gone as
    /// far already stays as it is.
    /// </summary>
    /// <returns>Whether it goes on.</returns>
    public static bool GrantTrial(this JournalTransaction journal, SweepId sweep, long at, int number, int epochs)
    {
        var key = new { sweep = sweep.Value, number, epochs };
        if (journal.QueryFirstOrDefault<GrantedTrial>("SELECT number, recipe, granted FROM trial WHERE sweep = @sweep AND number = @number " +
            "AND granted < @epochs AND state IN ('Pending', 'Stopped')", key) is not { } trial)
            return false;
        long toTrain = journal.EpochsToTrain([new NewTrial(sweep.Value, number, null, "", 1, epochs, trial.Recipe)]);
        journal.Execute("UPDATE trial SET granted = @epochs, final_checkpoint = NULL WHERE sweep = @sweep AND number = @number", key);
        journal.Reopen(sweep, number, demanded: true);
        journal.Execute("UPDATE sweep SET epochs_asked = epochs_asked + @asked, epochs_to_train = epochs_to_train + @toTrain WHERE id = @id",
            new { id = sweep.Value, asked = epochs - trial.Granted, toTrain });
        journal.Append(sweep, at, SweepEvents.Promoted, number, $"to {epochs} epochs");
        return true;
    }

    /// <summary>Stops a trial at the rung to which it came. One that has been sent further meanwhile goes on.</summary>
    public static void StopTrial(this JournalTransaction journal, SweepId sweep, long at, int number, int epochs, string reason)
    {
        if (journal.QueryFirstOrDefault<int?>("SELECT 1 FROM trial WHERE sweep = @sweep AND number = @number AND granted = @epochs",
            new { sweep = sweep.Value, number, epochs }) is not null)
            journal.EndTrial(sweep, at, number, TrialState.Stopped, null, reason);
    }

    public static bool HasTrial(this JournalTransaction journal, SweepId sweep, int number) => journal.QueryFirstOrDefault<int?>(
        "SELECT 1 FROM trial WHERE sweep = @sweep AND number = @number", new { sweep = sweep.Value, number }) is not null;

    private sealed record GrantedTrial
    {
        public required int Number { get; init; }
        public required string Recipe { get; init; }
        public required int Granted { get; init; }
    }

    /// <summary>Opens the sweep again when it has open trials: it has not ended, whatever was recorded before.</summary>
    public static void ReopenSweep(this JournalTransaction journal, SweepId sweep) => journal.Execute(
        "UPDATE sweep SET state = 'Running', ended = NULL, digest = NULL, reason = NULL WHERE id = @sweep AND state = 'Completed'",
        new { sweep = sweep.Value });

    private static void Reopen(this JournalTransaction journal, SweepId sweep, int number, bool demanded)
    {
        var key = new { sweep = sweep.Value, number, state = demanded ? "Pending" : "Paused" };
        journal.Execute("UPDATE trial SET state = @state, failure = NULL, reason = NULL, measured = NULL WHERE sweep = @sweep " +
            "AND number = @number", key);
        if (!demanded) return;
        journal.Execute(
            """
            INSERT INTO demand (sweep, trial, purpose, recipe, epochs)
            SELECT sweep, number, 'Trial', recipe, granted FROM trial WHERE sweep = @sweep AND number = @number
            ON CONFLICT (sweep, trial, purpose) DO UPDATE SET epochs = excluded.epochs
            """, key);
    }

    public static void EndSweep(this JournalTransaction journal, SweepId sweep, long at, SweepState state, string? reason, Digest? digest)
    {
        journal.Execute("UPDATE sweep SET state = @state, reason = @reason, digest = @digest, ended = @at WHERE id = @id",
            new { id = sweep.Value, state = state.ToString(), reason, digest = digest?.Value, at });
        journal.Append(sweep, at, $"Sweep{state}", reason: reason);
    }

    /// <summary>Completes a sweep that is still what its digest was made of; whether it did.</summary>
    /// <param name="seen">The last event when the digest's facts were read.</param>
    public static bool CompleteSweep(this JournalTransaction journal, SweepId sweep, long at, Digest? digest, long seen)
    {
        bool still = journal.State(sweep) == SweepState.Running
            && journal.QueryFirstOrDefault<long>("SELECT COALESCE(MAX(sequence), 0) FROM sweep_event WHERE sweep = @id", new { id = sweep.Value }) == seen
            && journal.OpenTrials(sweep).Count == 0;
        if (still) journal.EndSweep(sweep, at, SweepState.Completed, null, digest);
        return still;
    }

    /// <summary>Ends what has not ended of a sweep, and withdraws all that it demands, weights among it.</summary>
    public static void CancelSweep(this JournalTransaction journal, SweepId sweep, long at, SweepState end = SweepState.Cancelled,
        string reason = "Cancelled by the user.")
    {
        if (journal.IsPreparing(sweep)) journal.Unprepare(sweep);
        foreach (int trial in journal.OpenTrials(sweep)) journal.EndTrial(sweep, at, trial, TrialState.Cancelled, null, "The sweep was cancelled.");
        journal.Execute("DELETE FROM demand WHERE sweep = @sweep", new { sweep = sweep.Value });
        if (journal.State(sweep)?.IsFinal() == false) journal.EndSweep(sweep, at, end, reason, null);
    }

    /// <summary>As it is in this transaction, whatever was known before; null when there is no such sweep.</summary>
    public static SweepState? State(this JournalTransaction journal, SweepId sweep) =>
        journal.QueryFirstOrDefault<string>("SELECT state FROM sweep WHERE id = @id", new { id = sweep.Value }) is { } state ? Enum.Parse<SweepState>(state) : null;

    private static IReadOnlyList<int> OpenTrials(this JournalTransaction journal, SweepId sweep) => journal.Query<int>(
        "SELECT number FROM trial WHERE sweep = @sweep AND state NOT IN ('Completed', 'Stopped', 'Failed', 'Cancelled')", new { sweep = sweep.Value });

    public static void DeleteSweep(this JournalTransaction journal, SweepId sweep)
    {
        foreach (var table in new[] { "demand", "trial", "sweep_event" })
            journal.Execute($"DELETE FROM {table} WHERE sweep = @sweep", new { sweep = sweep.Value });
        journal.Execute("DELETE FROM sweep WHERE id = @sweep", new { sweep = sweep.Value });
    }
}

/// <param name="Recipe">The recipe's digest, or a private name when not <paramref name="Shared"/>.</param>
/// <param name="Shared">Whether any trial of the recipe may use the training, and not only the one it was made for.</param>
public sealed record NewTraining(string Recipe, string Json, string Data, long ParameterCount, string? Traceparent, bool Shared,
    ForkStart? Fork = null);

/// <summary>The parts of its parent that a fork takes over.</summary>
/// <param name="Training">The parent's training.</param>
public sealed record ForkStart(string Training, int Epoch, Digest Weights, Digest Optimizer, long Bytes);

/// <param name="Epochs">The budget.</param>
public sealed record NewTrial(string Sweep, int Number, string? Name, string Parameters, int Replicate, int Epochs, string Recipe)
{
    /// <summary>The part of the budget that it is trained for at first.</summary>
    public int Granted { get; init; } = Epochs;

    /// <summary>The point's own settings as JSON, where a search proposed it.</summary>
    public string? Own { get; init; }
}
