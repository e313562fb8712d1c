using Dapper;

namespace Grains.Storage.Journal;

/// <summary>The journal's tables, as a list of steps: step n brings a database from version n to n + 1 and is never edited once released.</summary>
public static class JournalSchema
{
    /// <summary>Brings the database to the current version. Safe when several silos start at once, harmless to repeat.</summary>
    /// <exception cref="InvalidOperationException">The database was written by a later version.</exception>
    public static void Migrate(JournalDatabase database)
    {
        using var connection = database.Open();
        using var transaction = JournalDatabase.BeginWrite(connection);
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)", transaction: transaction);
        int version = connection.QuerySingleOrDefault<int?>("SELECT MAX(version) FROM schema_version", transaction: transaction) ?? 0;
        if (version > Steps.Length)
        {
            throw new InvalidOperationException($"The journal has schema version {version}, but this silo knows only up to {Steps.Length}. " +
                "Start a silo of the version that wrote it.");
        }

        for (int step = version; step < Steps.Length; step++)
        {
            foreach (var statement in ForDatabase(Steps[step], database.Kind).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                connection.Execute(statement, transaction: transaction);
            connection.Execute("INSERT INTO schema_version (version) VALUES (@version)", new { version = step + 1 }, transaction);
        }
        transaction.Commit();
    }

    private static string ForDatabase(string sql, DatabaseKind kind) => kind == DatabaseKind.Sqlite
        ? sql.Replace("{sequence}", "INTEGER PRIMARY KEY AUTOINCREMENT").Replace("{bytes}", "BLOB").Replace("{without_rowid}", "WITHOUT ROWID")
        : sql.Replace("{sequence}", "BIGSERIAL PRIMARY KEY").Replace("{bytes}", "BYTEA").Replace("{without_rowid}", "");

    private static readonly string[] Steps =
    [
        """
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
        """,
    ];
}
