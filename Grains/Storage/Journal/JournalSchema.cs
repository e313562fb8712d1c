using System.Data.Common;
using Dapper;
using Grains.Storage.Databases;

namespace Grains.Storage.Journal;

/// <summary>
/// The journal's tables, as a list of steps. Step n brings a database from version n to n + 1 and is never edited once released.
/// </summary>
public static class JournalSchema
{
    /// <summary>The current version of the schema.</summary>
    public static int Version => Steps.Length;

    /// <summary>Brings the database to the current version. It is safe when several silos start at once, and harmless to repeat.</summary>
    /// <exception cref="JournalUnusableException">A later program wrote it.</exception>
    public static void Migrate(JournalDatabase database) => Migrate(database, Version);

    /// <summary>Brings the database to an earlier version, so that what a program of that time left behind can be made anew.</summary>
    internal static void Migrate(JournalDatabase database, int upTo)
    {
        using var connection = database.Open();
        using var transaction = JournalDatabase.BeginWrite(connection);
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)", transaction: transaction);
        int version = connection.QuerySingleOrDefault<int?>("SELECT MAX(version) FROM schema_version", transaction: transaction) ?? 0;
        if (version > Version)
        {
            throw new JournalUnusableException(
                $"The journal ({database.File}) has schema version {version}, and this program knows versions up to {Version}. " +
                "Nothing was changed. Start the program that wrote it, or a later one, or give this one another home.");
        }

        for (int step = version; step < upTo; step++)
        {
            Run(Steps[step].Sql);
            Steps[step].Then?.Invoke(connection, transaction);
            Run(Steps[step].After);
            connection.Execute("INSERT INTO schema_version (version) VALUES (@version)", new { version = step + 1 }, transaction);
        }
        transaction.Commit();

        void Run(string sql)
        {
            foreach (string statement in ForDatabase(sql, database.Kind).Split(';',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                connection.Execute(statement, transaction: transaction);
        }
    }

    private static string ForDatabase(string sql, DatabaseKind kind) => kind == DatabaseKind.Sqlite
        ? sql.Replace("{sequence}", "INTEGER PRIMARY KEY AUTOINCREMENT").Replace("{number}", "INTEGER PRIMARY KEY")
            .Replace("{bytes}", "BLOB")
            .Replace("{without_rowid}", "WITHOUT ROWID").Replace("{count_on}", "")
        : sql.Replace("{sequence}", "BIGSERIAL PRIMARY KEY").Replace("{number}", "BIGSERIAL PRIMARY KEY").Replace("{bytes}", "BYTEA")
            .Replace("{without_rowid}", "")
            .Replace("{count_on}", "SELECT setval(pg_get_serial_sequence('measured', 'sequence'), MAX(sequence)) FROM measured");

    private static readonly Step[] Steps =
    [
        new("""
        CREATE TABLE sweep (
            id TEXT PRIMARY KEY, term BIGINT NOT NULL, name TEXT NOT NULL, submitted BIGINT NOT NULL, ended BIGINT,
            state TEXT NOT NULL, reason TEXT, digest TEXT, objective TEXT NOT NULL, data_digest TEXT, class_names TEXT,
            text TEXT NOT NULL, folder TEXT NOT NULL, file_name TEXT NOT NULL, traceparent TEXT, reuse BIGINT NOT NULL, fork TEXT,
            epochs_asked BIGINT, epochs_to_train BIGINT);
        CREATE TABLE sweep_event (
            sweep TEXT NOT NULL, sequence BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL, trial BIGINT, reason TEXT,
            PRIMARY KEY (sweep, sequence)) {without_rowid};
        CREATE TABLE training (
            recipe TEXT PRIMARY KEY, json TEXT NOT NULL, data TEXT NOT NULL, parameter_count BIGINT NOT NULL, traceparent TEXT,
            attempt BIGINT NOT NULL, fingerprint TEXT, failure TEXT, reason TEXT, failed_epoch BIGINT, used BIGINT NOT NULL, shared BIGINT NOT NULL, fork_epoch BIGINT);
        CREATE TABLE trial (
            sweep TEXT NOT NULL, number BIGINT NOT NULL, name TEXT, parameters TEXT NOT NULL, replicate BIGINT NOT NULL,
            epochs BIGINT NOT NULL, recipe TEXT NOT NULL, state TEXT NOT NULL, failure TEXT, reason TEXT, final_checkpoint TEXT,
            PRIMARY KEY (sweep, number)) {without_rowid};
        CREATE INDEX trial_recipe ON trial (recipe);
        CREATE TABLE demand (
            sweep TEXT NOT NULL, trial BIGINT NOT NULL, recipe TEXT NOT NULL, epochs BIGINT NOT NULL,
            PRIMARY KEY (sweep, trial)) {without_rowid};
        CREATE INDEX demand_recipe ON demand (recipe);
        CREATE TABLE attempt (
            recipe TEXT NOT NULL, attempt BIGINT NOT NULL, silo TEXT NOT NULL, generation TEXT NOT NULL, slot BIGINT NOT NULL,
            started BIGINT NOT NULL, expires BIGINT NOT NULL, from_epoch BIGINT, ended BIGINT, outcome TEXT,
            PRIMARY KEY (recipe, attempt)) {without_rowid};
        CREATE INDEX attempt_running ON attempt (generation, slot) WHERE ended IS NULL;
        CREATE TABLE measurement (
            sequence {sequence}, recipe TEXT NOT NULL, epoch BIGINT NOT NULL, attempt BIGINT NOT NULL,
            train_loss DOUBLE PRECISION, train_correct BIGINT NOT NULL, train_total BIGINT NOT NULL,
            validation_loss DOUBLE PRECISION, validation_correct BIGINT NOT NULL, validation_total BIGINT NOT NULL,
            test_loss DOUBLE PRECISION, test_correct BIGINT NOT NULL, test_total BIGINT NOT NULL,
            penalty DOUBLE PRECISION, seconds DOUBLE PRECISION NOT NULL, samples BIGINT NOT NULL,
            validation_confusion {bytes}, test_confusion {bytes});
        CREATE UNIQUE INDEX measurement_epoch ON measurement (recipe, epoch);
        CREATE TABLE trained_epoch (
            recipe TEXT NOT NULL, epoch BIGINT NOT NULL, attempt BIGINT NOT NULL, sweep TEXT, trial BIGINT,
            PRIMARY KEY (recipe, epoch, attempt)) {without_rowid};
        CREATE INDEX trained_epoch_sweep ON trained_epoch (sweep);
        CREATE TABLE checkpoint (
            recipe TEXT NOT NULL, kind TEXT NOT NULL, epoch BIGINT NOT NULL, weights TEXT NOT NULL, optimizer TEXT,
            bytes BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (recipe, kind, epoch)) {without_rowid};
        CREATE INDEX checkpoint_weights ON checkpoint (weights);
        CREATE INDEX checkpoint_optimizer ON checkpoint (optimizer);
        CREATE TABLE writer (id TEXT PRIMARY KEY, mark BIGINT NOT NULL);
        CREATE TABLE broker (id BIGINT PRIMARY KEY, term BIGINT NOT NULL);
        INSERT INTO broker (id, term) VALUES (0, 0);
        CREATE TABLE cache (id BIGINT PRIMARY KEY, size BIGINT);
        INSERT INTO cache (id, size) VALUES (0, NULL);
        CREATE TABLE silo (
            name TEXT PRIMARY KEY, generation TEXT NOT NULL, pid BIGINT NOT NULL, slots BIGINT NOT NULL, fingerprint TEXT NOT NULL,
            environment TEXT NOT NULL, version TEXT NOT NULL, started BIGINT NOT NULL)
        """),
        // A training gets a number. So a measurement costs a few bytes of index and not two copies of a digest, and the measurements of
        // trainings that run together stand together. A measurement also says for whom its epoch was computed. The old names are views of
        // it all.
        new("""
        CREATE TABLE numbered (
            number {number}, recipe TEXT NOT NULL UNIQUE, json TEXT NOT NULL, data TEXT NOT NULL, parameter_count BIGINT NOT NULL, traceparent TEXT,
            attempt BIGINT NOT NULL, fingerprint TEXT, failure TEXT, reason TEXT, failed_epoch BIGINT, used BIGINT NOT NULL, shared BIGINT NOT NULL, fork_epoch BIGINT);
        INSERT INTO numbered (recipe, json, data, parameter_count, traceparent, attempt, fingerprint, failure, reason, failed_epoch, used, shared, fork_epoch)
            SELECT recipe, json, data, parameter_count, traceparent, attempt, fingerprint, failure, reason, failed_epoch, used, shared, fork_epoch
            FROM training ORDER BY used, recipe;
        DROP TABLE training;
        ALTER TABLE numbered RENAME TO training;
        CREATE TABLE measured (
            sequence {number}, training BIGINT NOT NULL, epoch BIGINT NOT NULL, attempt BIGINT NOT NULL,
            train_loss DOUBLE PRECISION, train_correct BIGINT NOT NULL, train_total BIGINT NOT NULL,
            validation_loss DOUBLE PRECISION, validation_correct BIGINT NOT NULL, validation_total BIGINT NOT NULL,
            test_loss DOUBLE PRECISION, test_correct BIGINT NOT NULL, test_total BIGINT NOT NULL,
            penalty DOUBLE PRECISION, seconds DOUBLE PRECISION NOT NULL, samples BIGINT NOT NULL,
            validation_confusion {bytes}, test_confusion {bytes}, sweep TEXT, trial BIGINT);
        INSERT INTO measured
            SELECT m.sequence, r.number, m.epoch, m.attempt, m.train_loss, m.train_correct, m.train_total, m.validation_loss, m.validation_correct,
                m.validation_total, m.test_loss, m.test_correct, m.test_total, m.penalty, m.seconds, m.samples, m.validation_confusion, m.test_confusion, e.sweep, e.trial
            FROM measurement m JOIN training r ON r.recipe = m.recipe
            LEFT JOIN trained_epoch e ON e.recipe = m.recipe AND e.epoch = m.epoch AND e.attempt = m.attempt;
        CREATE UNIQUE INDEX measured_epoch ON measured (training, epoch);
        {count_on};
        CREATE TABLE repeated (
            training BIGINT NOT NULL, epoch BIGINT NOT NULL, attempt BIGINT NOT NULL, sweep TEXT, trial BIGINT,
            PRIMARY KEY (training, epoch, attempt)) {without_rowid};
        INSERT INTO repeated SELECT r.number, e.epoch, e.attempt, e.sweep, e.trial FROM trained_epoch e JOIN training r ON r.recipe = e.recipe
            WHERE NOT EXISTS (SELECT 1 FROM measurement m WHERE m.recipe = e.recipe AND m.epoch = e.epoch AND m.attempt = e.attempt);
        DROP TABLE measurement;
        DROP TABLE trained_epoch;
        ALTER TABLE trial ADD COLUMN measured BIGINT;
        CREATE VIEW measurement AS
            SELECT m.sequence, r.recipe, m.epoch, m.attempt, m.train_loss, m.train_correct, m.train_total, m.validation_loss, m.validation_correct,
                m.validation_total, m.test_loss, m.test_correct, m.test_total, m.penalty, m.seconds, m.samples, m.validation_confusion, m.test_confusion
            FROM measured m JOIN training r ON r.number = m.training;
        CREATE VIEW trained_epoch AS
            SELECT r.recipe, e.epoch, e.attempt, e.sweep, e.trial FROM measured e JOIN training r ON r.number = e.training WHERE e.attempt > 0
            UNION ALL SELECT r.recipe, e.epoch, e.attempt, e.sweep, e.trial FROM repeated e JOIN training r ON r.number = e.training
        """),
        // A training's failure is one row or none, so that a retry can no longer forget half of it. Homes in which a retry did are healed:
        // a diverged training is marked so again, and its attempts that ended without an epoch are forgotten. A demand says what it is for.
        new("""
        CREATE TABLE failure (
            recipe TEXT PRIMARY KEY, class TEXT NOT NULL, from_epoch BIGINT NOT NULL, reason TEXT NOT NULL) {without_rowid};
        INSERT INTO failure SELECT recipe, failure, COALESCE(failed_epoch, 0), COALESCE(reason, failure) FROM training WHERE failure IS NOT NULL;
        INSERT INTO failure
            SELECT recipe, 'Diverged', failed_epoch, 'The loss is not a finite number at epoch ' || failed_epoch || '. Try a lower learning_rate.'
            FROM training WHERE failure IS NULL AND failed_epoch IS NOT NULL;
        DELETE FROM attempt WHERE outcome = 'Met' AND from_epoch IS NULL
            AND EXISTS (SELECT 1 FROM training r WHERE r.recipe = attempt.recipe AND r.failure IS NULL AND r.failed_epoch IS NOT NULL AND r.attempt > attempt.attempt);
        ALTER TABLE training DROP COLUMN failure;
        ALTER TABLE training DROP COLUMN reason;
        ALTER TABLE training DROP COLUMN failed_epoch;
        ALTER TABLE sweep DROP COLUMN data_digest;
        CREATE TABLE demanded (
            sweep TEXT NOT NULL, trial BIGINT NOT NULL, purpose TEXT NOT NULL, recipe TEXT NOT NULL, epochs BIGINT NOT NULL,
            PRIMARY KEY (sweep, trial, purpose)) {without_rowid};
        INSERT INTO demanded SELECT sweep, trial, 'Trial', recipe, epochs FROM demand;
        DROP TABLE demand;
        ALTER TABLE demanded RENAME TO demand;
        CREATE INDEX demand_recipe ON demand (recipe)
        """),
        // A training program declares its metrics, and an epoch has them packed in one column. Digests that an earlier program wrote down are
        // of another version: they are forgotten, since `sweep results` works out the present one.
        new("""
        DROP VIEW measurement;
        DROP VIEW trained_epoch;
        DROP INDEX measured_epoch;
        ALTER TABLE measured RENAME TO unpacked;
        CREATE TABLE measured (
            sequence {number}, training BIGINT NOT NULL, epoch BIGINT NOT NULL, attempt BIGINT NOT NULL, seconds DOUBLE PRECISION NOT NULL,
            metrics {bytes} NOT NULL, counts {bytes}, sweep TEXT, trial BIGINT);
        ALTER TABLE sweep ADD COLUMN metrics TEXT;
        UPDATE sweep SET digest = NULL;
        UPDATE checkpoint SET kind = 'best_validation_accuracy_maximize' WHERE kind = 'best_accuracy';
        UPDATE checkpoint SET kind = 'best_validation_loss_minimize' WHERE kind = 'best_loss'
        """, UnpackedMeasurements.Pack, """
        DROP TABLE unpacked;
        CREATE UNIQUE INDEX measured_epoch ON measured (training, epoch);
        {count_on};
        CREATE VIEW measurement AS
            SELECT m.sequence, r.recipe, m.epoch, m.attempt, m.seconds, m.metrics, m.counts
            FROM measured m JOIN training r ON r.number = m.training;
        CREATE VIEW trained_epoch AS
            SELECT r.recipe, e.epoch, e.attempt, e.sweep, e.trial FROM measured e JOIN training r ON r.number = e.training WHERE e.attempt > 0
            UNION ALL SELECT r.recipe, e.epoch, e.attempt, e.sweep, e.trial FROM repeated e JOIN training r ON r.number = e.training
        """),
        // A sweep keeps its spec as it was read at submission, so that its file is read once. Sweeps of an earlier program have none.
        new("ALTER TABLE sweep ADD COLUMN spec TEXT"),
        // A search grants a trial its budget in parts, and proposes points that stand nowhere else.
        new("""
        ALTER TABLE trial ADD COLUMN granted BIGINT NOT NULL DEFAULT 0;
        UPDATE trial SET granted = epochs;
        ALTER TABLE trial ADD COLUMN own TEXT
        """),
    ];

    /// <param name="Then">What SQL cannot say, between the two.</param>
    private sealed record Step(string Sql, Action<DbConnection, DbTransaction>? Then = null, string After = "");
}
