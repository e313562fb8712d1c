using Grains.Interfaces.Model;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Grains.Telemetry;

/// <summary>
/// Stores the spans that `sweep trace` reads, in a SQLite file of their own, which the silos of one host share. The store is bounded: the
/// traces that have been quiet longest leave first. Losing spans stops nothing, so a failed write is a warning. The store is safe for
/// concurrent use.
/// </summary>
/// <param name="file">The file, which is created, with its folder, when first used.</param>
/// <param name="capacity">The most spans to keep, apart from the few thousand that come between two checks. Default: 200,000.</param>
public sealed partial class SpanStore(string file, ILogger<SpanStore> logger, int capacity = 200_000)
{
    private readonly Lock _lock = new();
    private readonly int _checkEvery = Math.Max(1, capacity / 40);
    private bool _created;
    // The spans lost since the last write that went well.
    private int _lost;
    // The first write checks, because the file may be another run's, with another capacity.
    private int _sinceCheck = int.MaxValue / 2;

    /// <summary>Adds spans, and returns whether they were written. A span that is stored already stays as it is.</summary>
    public bool Add(IReadOnlyCollection<SpanRecord> spans)
    {
        if (spans.Count == 0) return true;
        lock (_lock)
        {
            try
            {
                using var connection = Open();
                using var transaction = connection.BeginTransaction(deferred: false);
                Insert(connection, transaction, spans);
                _sinceCheck += spans.Count;
                if (_sinceCheck >= _checkEvery)
                {
                    Trim(connection, transaction);
                    _sinceCheck = 0;
                }
                transaction.Commit();
                if (_lost > 0) LogBack(_lost, file);
                _lost = 0;
                return true;
            }
            catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
            {
                _created = false;
                if (_lost == 0) LogLost(spans.Count, file, e.Message);
                _lost += spans.Count;
                return false;
            }
        }
    }

    /// <summary>A trace's finished spans by their start; empty when there is none of that id.</summary>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public SpanRecord[] ReadTrace(string traceId)
    {
        lock (_lock)
        {
            using var connection = Open();
            using var command = connection.CreateCommand();
            command.CommandText =
                "SELECT trace, id, parent, name, source, process, start, duration, error, tags FROM span WHERE trace = @trace " +
                "ORDER BY start, id";
            command.Parameters.AddWithValue("@trace", traceId);
            using var row = command.ExecuteReader();
            var spans = new List<SpanRecord>();
            while (row.Read())
            {
                spans.Add(new SpanRecord
                {
                    TraceId = row.GetString(0),
                    SpanId = row.GetString(1),
                    ParentId = row.IsDBNull(2) ? null : row.GetString(2),
                    Name = row.GetString(3),
                    Source = row.GetString(4),
                    Process = row.GetString(5),
                    Start = new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero),
                    Duration = new TimeSpan(row.GetInt64(7)),
                    Error = row.IsDBNull(8) ? null : row.GetString(8),
                    Tags = row.GetString(9),
                });
            }
            return [.. spans];
        }
    }

    private static void Insert(SqliteConnection connection, SqliteTransaction transaction, IEnumerable<SpanRecord> spans)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """
            INSERT INTO span (trace, id, parent, name, source, process, start, duration, error, tags)
            VALUES (@trace, @id, @parent, @name, @source, @process, @start, @duration, @error, @tags) ON CONFLICT DO NOTHING
            """;
        foreach (var span in spans)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("@trace", span.TraceId);
            command.Parameters.AddWithValue("@id", span.SpanId);
            command.Parameters.AddWithValue("@parent", (object?)span.ParentId ?? DBNull.Value);
            command.Parameters.AddWithValue("@name", span.Name);
            command.Parameters.AddWithValue("@source", span.Source);
            command.Parameters.AddWithValue("@process", span.Process);
            command.Parameters.AddWithValue("@start", span.Start.UtcTicks);
            command.Parameters.AddWithValue("@duration", span.Duration.Ticks);
            command.Parameters.AddWithValue("@error", (object?)span.Error ?? DBNull.Value);
            command.Parameters.AddWithValue("@tags", span.Tags);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>
    /// Deletes whole traces first. The newest is cut only when it alone is too long, and then keeps its roots and its latest spans.
    /// </summary>
    private void Trim(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.Parameters.AddWithValue("@capacity", capacity);
        command.CommandText = "SELECT count(*) FROM span";
        if ((long)command.ExecuteScalar()! <= capacity) return;

        command.CommandText = """
            DELETE FROM span WHERE trace IN (
                SELECT trace FROM (
                    SELECT trace, row_number() OVER newest AS place, sum(count(*)) OVER newest AS kept FROM span GROUP BY trace
                    WINDOW newest AS (ORDER BY max(start) DESC, trace))
                WHERE kept > @capacity AND place > 1);
            DELETE FROM span WHERE (trace, id) IN (
                SELECT trace, id FROM span ORDER BY parent IS NULL DESC, start DESC LIMIT -1 OFFSET @capacity)
            """;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        if (!_created && Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 5, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            // With NORMAL a power cut may take the last second of spans, never the file.
            command.CommandText = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL";
            command.ExecuteNonQuery();
            if (!_created)
            {
                command.CommandText = """
                    PRAGMA journal_mode = WAL;
                    CREATE TABLE IF NOT EXISTS span (
                        trace TEXT NOT NULL, id TEXT NOT NULL, parent TEXT, name TEXT NOT NULL, source TEXT NOT NULL, process TEXT NOT NULL,
                        start INTEGER NOT NULL, duration INTEGER NOT NULL, error TEXT, tags TEXT NOT NULL,
                        PRIMARY KEY (trace, id)) WITHOUT ROWID
                    """;
                command.ExecuteNonQuery();
                _created = true;
            }
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Count} spans are lost: {File} could not be written ({Reason}). Trainings are not affected.")]
    private partial void LogLost(int count, string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "After {Count} lost spans {File} can be written again.")]
    private partial void LogBack(int count, string file);
}
