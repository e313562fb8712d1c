using Grains.Storage.Databases;
using Microsoft.Extensions.Logging;

namespace Grains.Storage.Journal;

/// <summary>
/// The silo's only way to write the journal. A thread of its own puts whatever waits into one transaction, commits, and only then completes
/// the callers. A write that throws is rolled back alone, and the others of its group are done again without it. While the database cannot
/// be reached, or its disk is full, the group waits and is tried again on a new connection. When the connection broke during the commit, a
/// mark inside the transaction says whether it was committed. So nothing is lost and nothing is done twice.
/// </summary>
public sealed partial class JournalWriter : IDisposable
{
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(2);

    private readonly JournalDatabase _database;
    private readonly ILogger<JournalWriter> _logger;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly Thread _thread;
    private List<PendingWrite> _pending = [];
    private readonly CancellationTokenSource _stopping = new();
#pragma warning disable RS0030 // Any name will do that no other writer has.
    private readonly string _id = Guid.NewGuid().ToString("N");
#pragma warning restore RS0030
    private long _marks;
    private bool _closed, _doubted;

    public JournalWriter(JournalDatabase database, ILogger<JournalWriter> logger)
    {
        _database = database;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "journal writer" };
        _thread.Start();
    }

    /// <summary>Runs <paramref name="write"/> inside a transaction. The task completes once that is on disk.</summary>
    public Task<T> Write<T>(Func<JournalTransaction, T> write)
    {
        var pending = new Promised<T>(write);
        Add(pending);
        return pending.Task;
    }

    /// <summary>Begins a write for a thread of its own, which goes on and later sleeps until the write is on disk.</summary>
    public WriteUnderWay<T> Begin<T>(Func<JournalTransaction, T> write)
    {
        var pending = new WriteUnderWay<T>(write);
        Add(pending);
        return pending;
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
        // The committed writes stand; whatever the database cannot take now fails.
        _stopping.CancelAfter(ClosePatience);
        _thread.Join();
        _work.Dispose();
        _stopping.Dispose();
    }

    private void Add(PendingWrite pending)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _pending.Add(pending);
        }
        _work.Release();
    }

    private void Run()
    {
        JournalSession? session = null;
        while (true)
        {
            _work.Wait();
            List<PendingWrite> group;
            bool closed;
            lock (_gate)
            {
                (group, _pending, closed) = (_pending, [], _closed);
            }

            if (group.Count > 0) Commit(group, ref session);
            if (closed) break;
        }
        Drop(ref session);
    }

    private void Commit(List<PendingWrite> group, ref JournalSession? session)
    {
        long mark = ++_marks;
        for (int attempt = 0; ; attempt++)
        {
            bool inDoubt = false;
            try
            {
                session ??= new JournalSession(_database.Open());
                using var transaction = JournalDatabase.BeginWrite(session.Connection);
                var journal = new JournalTransaction(session, transaction, _database.Fenced);
                // We waited for the right to write. So an earlier try of ours has been committed by now, or never will be.
                if (!_doubted || !IsMarked(journal, mark))
                {
                    foreach (var write in group) write.Apply(journal);
                    if (_database.Kind == DatabaseKind.PostgreSql) Mark(journal, mark);
                    inDoubt = true;
                    transaction.Commit();
                }
                _doubted = false;
                if (attempt > 0) LogBack(attempt);
                break;
            }
            catch (Exception e)
            {
                // A connection that failed may hold a broken transaction: never use it again.
                Drop(ref session);
                if (StorageTrouble.Passing(e) is { } trouble && !_stopping.IsCancellationRequested)
                {
                    _doubted |= inDoubt;
                    if (attempt == 0 || attempt % 20 == 0) LogWaiting(trouble, group.Count);
                    _stopping.Token.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Min(2000, 50 << Math.Min(attempt, 6))));
                    continue;
                }
                _doubted = false;
                if (group.Count == 1)
                {
                    LogFailed(e);
                    group[0].Fail(e);
                    return;
                }
                foreach (var write in group) Commit([write], ref session);
                return;
            }
        }
        foreach (var write in group) write.Complete();
    }

    private static void Drop(ref JournalSession? session)
    {
        try
        {
            session?.Dispose();
        }
        catch (Exception)
        {
            // The connection is too broken to close.
        }
        session = null;
    }

    private bool IsMarked(JournalTransaction journal, long mark) =>
        journal.QueryFirstOrDefault<long?>("SELECT mark FROM writer WHERE id = @id", new { id = _id }) == mark;

    private void Mark(JournalTransaction journal, long mark) =>
        journal.Execute("INSERT INTO writer (id, mark) VALUES (@id, @mark) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark",
            new { id = _id, mark });

    [LoggerMessage(Level = LogLevel.Warning, Message = "A write to the journal failed and was rolled back.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal cannot be written: {Trouble}. {Writes} writes wait; nothing is lost.")]
    private partial void LogWaiting(string trouble, int writes);

    [LoggerMessage(Level = LogLevel.Information, Message = "The journal can be written again, at attempt {Attempt}.")]
    private partial void LogBack(int attempt);

    private sealed class Promised<T>(Func<JournalTransaction, T> write) : PendingWrite
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _done.Task;

        internal override void Apply(JournalTransaction transaction) => _result = write(transaction);

        internal override void Complete() => _done.TrySetResult(_result);

        internal override void Fail(Exception exception) => _done.TrySetException(exception);
    }
}
