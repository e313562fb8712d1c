using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Grains.Storage.Journal;

/// <summary>
/// The silo's only way to write the journal: a thread of its own that puts whatever waits into one transaction, commits, and only then
/// completes the callers. A write that throws is rolled back alone; the others of its group are done again without it.
/// </summary>
public sealed partial class JournalWriter : IDisposable
{
    private readonly JournalDatabase _database;
    private readonly ILogger<JournalWriter> _logger;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly Thread _thread;
    private List<Pending> _pending = [];
    private bool _closed;

    public JournalWriter(JournalDatabase database, ILogger<JournalWriter> logger)
    {
        _database = database;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "journal writer" };
        _thread.Start();
    }

    /// <summary>Runs <paramref name="write"/> inside a transaction; completes once that is on disk.</summary>
    public Task<T> Write<T>(Func<JournalTransaction, T> write)
    {
        var pending = new Pending<T>(write);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _pending.Add(pending);
        }
        _work.Release();
        return pending.Task;
    }

    public Task Write(Action<JournalTransaction> write) => Write(t =>
    {
        write(t);
        return true;
    });

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
        }
        _work.Release();
        _thread.Join();
        _work.Dispose();
    }

    private void Run()
    {
        DbConnection? connection = null;
        while (true)
        {
            _work.Wait();
            List<Pending> group;
            bool closed;
            lock (_gate)
            {
                (group, _pending, closed) = (_pending, [], _closed);
            }

            if (group.Count > 0) Commit(group, ref connection);
            if (closed) break;
        }
        connection?.Dispose();
    }

    private void Commit(List<Pending> group, ref DbConnection? connection)
    {
        try
        {
            connection ??= _database.Open();
            using var transaction = JournalDatabase.BeginWrite(connection);
            var journal = new JournalTransaction(connection, transaction);
            foreach (var write in group) write.Apply(journal);
            transaction.Commit();
        }
        catch (Exception e)
        {
            // A connection that failed may hold a broken transaction: never use it again.
            connection?.Dispose();
            connection = null;
            if (group.Count == 1)
            {
                LogFailed(e);
                group[0].Fail(e);
                return;
            }
            foreach (var write in group) Commit([write], ref connection);
            return;
        }
        foreach (var write in group) write.Complete();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A write to the journal failed and was rolled back.")]
    private partial void LogFailed(Exception exception);

    private abstract class Pending
    {
        public abstract void Apply(JournalTransaction transaction);
        public abstract void Complete();
        public abstract void Fail(Exception exception);
    }

    private sealed class Pending<T>(Func<JournalTransaction, T> write) : Pending
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _done.Task;

        public override void Apply(JournalTransaction transaction) => _result = write(transaction);

        public override void Complete() => _done.TrySetResult(_result);

        public override void Fail(Exception exception) => _done.TrySetException(exception);
    }
}
