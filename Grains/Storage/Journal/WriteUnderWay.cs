using System.Runtime.ExceptionServices;

namespace Grains.Storage.Journal;

/// <summary>A write that waits for its group's commit.</summary>
public abstract class PendingWrite
{
    internal abstract void Apply(JournalTransaction transaction);

    internal abstract void Complete();

    internal abstract void Fail(Exception exception);
}

/// <summary>
/// A write beside which a thread of its own goes on. Waiting on a task would spin first. With more slots than cores, spinning takes time
/// from the very thread that is waited for.
/// </summary>
public sealed class WriteUnderWay<T> : PendingWrite
{
    private readonly Func<JournalTransaction, T> _write;
    private readonly object _lock = new();
    private T _result = default!;
    private ExceptionDispatchInfo? _failure;
    private bool _done;

    internal WriteUnderWay(Func<JournalTransaction, T> write) => _write = write;

    /// <summary>Sleeps until the write is on disk.</summary>
    public T Wait()
    {
        lock (_lock)
        {
            while (!_done) Monitor.Wait(_lock);
        }
        _failure?.Throw();
        return _result;
    }

    internal override void Apply(JournalTransaction transaction) => _result = _write(transaction);

    internal override void Complete()
    {
        lock (_lock)
        {
            _done = true;
            Monitor.Pulse(_lock);
        }
    }

    internal override void Fail(Exception exception)
    {
        _failure = ExceptionDispatchInfo.Capture(exception);
        Complete();
    }
}
