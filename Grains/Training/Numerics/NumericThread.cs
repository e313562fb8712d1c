using TorchSharp;

namespace Grains.Training.Numerics;

/// <summary>
/// Sets a thread up so that its numbers repeat: with one intra-op thread and denormals flushed to zero. Both settings belong to the thread.
/// So each one that computes calls <see cref="Prepare"/> before its first tensor.
/// </summary>
public static class NumericThread
{
    private const int OfProcess = 0;
    private const int LowPriority = 15;

    [ThreadStatic] private static bool _prepared;

    /// <summary>Makes this thread ready to compute. One call is enough, and more do no harm.</summary>
    public static void Prepare()
    {
        if (_prepared) return;
        torch.set_num_threads(1);
        FlushDenormals();
        KeepMemory();
        _prepared = true;
    }

    /// <summary>Lets grains and storage go first (nice 15, Linux). It cannot be taken back without privileges.</summary>
    public static void LowerPriority()
    {
        if (OperatingSystem.IsLinux()) _ = Native.SetPriority(OfProcess, Native.ThreadId(), LowPriority);
    }

    /// <exception cref="InvalidOperationException">This thread was not prepared.</exception>
    internal static void Require()
    {
        if (!_prepared) throw new InvalidOperationException("Training needs a prepared thread: call NumericThread.Prepare() first on it.");
    }

    /// <summary>
    /// Lets this process keep freed memory; only glibc has the switch. Autograd allocates and frees the same megabytes in each update. If
    /// they were given back to the system in between, their pages would be cleared every time, which takes a tenth of a CNN's update in
    /// bf16.
    /// </summary>
    private static void KeepMemory()
    {
        if (!OperatingSystem.IsLinux()) return;
        const int TrimThreshold = -1, MapThreshold = -3, ArenaMax = -8;
        try
        {
            _ = Native.SetAllocation(ArenaMax, 1);
            _ = Native.SetAllocation(MapThreshold, 32 << 20);
            _ = Native.SetAllocation(TrimThreshold, 1 << 30);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library is only slower.
        }
    }

    private static void FlushDenormals()
    {
        try
        {
            _ = Native.SetFlushDenormal(true);
        }
        catch (EntryPointNotFoundException)
        {
            // With another compiler's names it is only slower, and the fingerprint tells such a silo apart.
        }
    }
}
