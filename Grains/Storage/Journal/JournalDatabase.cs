using System.Data.Common;
using Dapper;
using Grains.Storage.Databases;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Grains.Storage.Journal;

/// <summary>Opens connections to the journal and knows the few places where the two databases differ.</summary>
public sealed class JournalDatabase
{
    static JournalDatabase() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public JournalDatabase(DatabaseKind kind, string connectionString)
    {
        Kind = kind;
        // A pooled SQLite connection can come back inside a failed transaction, holding the write lock. Our connections are opened once and
        // kept.
        ConnectionString = kind == DatabaseKind.Sqlite
            ? new SqliteConnectionStringBuilder(connectionString) { Pooling = false, DefaultTimeout = 30 }.ToString()
            : new NpgsqlConnectionStringBuilder(
                connectionString)
            { ApplicationName = "sweep", Timeout = 5, CommandTimeout = 30 }.ToString();
    }

    public DatabaseKind Kind { get; }

    public string ConnectionString { get; }

    /// <summary>The SQLite file. For a server it is the name of the database, for messages.</summary>
    public string File => Kind == DatabaseKind.Sqlite
        ? new SqliteConnectionStringBuilder(ConnectionString).DataSource
        : new NpgsqlConnectionStringBuilder(ConnectionString).Database ?? "";

    /// <summary>False lets attempts write that are over. Only tests use it, to show that they would notice.</summary>
    public bool Fenced { get; set; } = true;

    public static JournalDatabase Sqlite(string file) =>
        new(DatabaseKind.Sqlite, new SqliteConnectionStringBuilder { DataSource = file }.ToString());

    /// <exception cref="JournalUnusableException">The file cannot be used as it is; the message says what to do.</exception>
    public DbConnection Open()
    {
        try
        {
            return OpenAny();
        }
        catch (SqliteException e) when (StorageTrouble.Explain(e, File) is { } message)
        {
            throw new JournalUnusableException(message, e);
        }
    }

    private DbConnection OpenAny()
    {
        DbConnection connection = Kind == DatabaseKind.Sqlite
            ? new SqliteConnection(ConnectionString)
            : new NpgsqlConnection(ConnectionString);
        try
        {
            connection.Open();
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        if (Kind == DatabaseKind.Sqlite)
            connection.Execute("PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; " +
                "PRAGMA wal_autocheckpoint=8000; PRAGMA cache_size=-16000;");
        return connection;
    }

    /// <summary>
    /// Begins a transaction that holds the right to write. On SQLite that right is the file's write lock, on PostgreSQL an advisory lock.
    /// So the order of commits is the order of sequence numbers, and a watcher's cursor skips nothing.
    /// </summary>
    public static DbTransaction BeginWrite(DbConnection connection)
    {
        if (connection is SqliteConnection sqlite) return sqlite.BeginTransaction(deferred: false);
        var transaction = connection.BeginTransaction();
        connection.Execute("SELECT pg_advisory_xact_lock(7261001)", transaction: transaction);
        return transaction;
    }
}
