using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Storage.Journal;

namespace Tests.Cluster.Sweeps;

/// <summary>
/// Holds back a silo's writes to the journal. While it is shut, each step lets one group of them through, so that a test can act between
/// two commits of a grain.
/// </summary>
internal sealed class JournalGate(JournalWriter writer) : IDisposable
{
    private readonly List<ManualResetEventSlim> _holds = [];

    /// <summary>Returns when the writer stands at the gate. Every write of others then waits behind it.</summary>
    public Task Shut() => Hold();

    /// <summary>Lets through what waits, and stands at the gate again before the next group.</summary>
    public async Task Step()
    {
        var next = Hold();
        _holds[^2].Set();
        await next;
    }

    /// <summary>Makes the group that waits run twice, as if the disk had been away when it ran first.</summary>
    public void RepeatGroup()
    {
        bool again = false;
        _ = writer.Write(_ =>
        {
            if (again) return true;
            again = true;
            throw new UnauthorizedAccessException("The disk is away for a moment.");
        });
    }

    public void Open() => _holds[^1].Set();

    /// <summary>Steps until the condition holds. The coordinator has then done whatever it does without a further commit.</summary>
    public async Task StepUntil(string what, ISweepGrain sweep, Func<Task<bool>> holds)
    {
        await SweepSilo.Until(what, async () =>
        {
            if (await holds()) return true;
            await Step();
            return await holds();
        });
        await Settle(sweep);
    }

    /// <summary>Returns when the coordinator's turns that are under way have reached their next commit.</summary>
    public static async Task Settle(ISweepGrain sweep)
    {
        // This call interleaves with all others, and does nothing.
        for (int turn = 0; turn < 5; turn++) await sweep.TrainingMoved(Digest.Of("none"u8), TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        // The writer may still stand at the last of them, so that none is disposed of.
        foreach (var hold in _holds) hold.Set();
    }

    private Task Hold()
    {
        var hold = new ManualResetEventSlim();
        var standing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _holds.Add(hold);
        _ = writer.Write(_ =>
        {
            standing.TrySetResult();
            return hold.Wait(TimeSpan.FromMinutes(1));
        });
        return standing.Task;
    }
}
