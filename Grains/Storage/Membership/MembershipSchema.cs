using Grains.Storage.Databases;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Grains.Storage.Membership;

/// <summary>
/// The tables and queries that Orleans' ADO.NET clustering expects and never creates. The scripts beside this file are ours, written
/// against that contract. SQLite has no official script, and two that read alike are easier to keep than two that do not.
/// </summary>
public static class MembershipSchema
{
    /// <summary>
    /// The Invariant to give to `UseAdoNetClustering`. For SQLite Orleans loads Microsoft.Data.Sqlite under this older name.
    /// </summary>
    public static string Invariant(DatabaseKind kind) => kind switch
    {
        DatabaseKind.Sqlite => "System.Data.SQLite",
        DatabaseKind.PostgreSql => "Npgsql",
        _ => throw new InvalidOperationException($"No clustering provider for {kind}."),
    };

    /// <summary>
    /// A file's connection string, without pooling. A pooled connection can come back inside a failed transaction and hold the write lock.
    /// The file belongs to membership alone: a silo that is stopped while it holds the lock of a shared one freezes the cluster.
    /// </summary>
    public static string SqliteConnection(string file) =>
        new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 10, Pooling = false }.ToString();

    /// <summary>Creates what is missing and brings the queries up to date. Any number of silos may do so at once.</summary>
    public static void EnsureCreated(string connectionString, DatabaseKind kind)
    {
        switch (kind)
        {
            case DatabaseKind.Sqlite: CreateSqlite(connectionString); break;
            case DatabaseKind.PostgreSql: CreatePostgreSql(connectionString); break;
            default: throw new InvalidOperationException($"No clustering schema for {kind}.");
        }
    }

    private static void CreateSqlite(string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        // The journal mode is kept in the file. It allows readers beside one writer, and no reader waits for a heartbeat.
        command.CommandText = "PRAGMA journal_mode = WAL";
        command.ExecuteNonQuery();

        using var transaction = connection.BeginTransaction(deferred: false);
        command.Transaction = transaction;
        command.CommandText = Script("Sqlite.sql");
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    private static void CreatePostgreSql(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Script("PostgreSql.sql");
        command.ExecuteNonQuery();
        transaction.Commit();
    }

    private static string Script(string name)
    {
        using var stream = typeof(MembershipSchema).Assembly.GetManifestResourceStream($"Grains.Storage.Membership.{name}")
            ?? throw new InvalidOperationException($"Grains.dll lacks the resource Storage/Membership/{name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
