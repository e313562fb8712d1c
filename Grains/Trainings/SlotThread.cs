using System.Collections.Concurrent;
using Grains.Training;
using Grains.Training.Numerics;

namespace Grains.Trainings;

/// <summary>
/// A slot's own thread, made ready for computing once. Its trainings run on it one after the other. It ends with the silo's process, or
/// with <see cref="Dispose"/>.
/// </summary>
public sealed class SlotThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public SlotThread(int slot)
    {
        Slot = slot;
        using (ExecutionContext.SuppressFlow()) new Thread(Serve) { IsBackground = true, Name = $"slot {slot}" }.Start();
    }

    /// <summary>The slot's number in its silo, counted from 0.</summary>
    public int Slot { get; }

    public Task<T> Run<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Ends the thread. A training that runs goes on to its end.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Serve()
    {
        NumericThread.LowerPriority();
        NumericThread.Prepare();
        foreach (var work in _work.GetConsumingEnumerable()) work();
    }
}
