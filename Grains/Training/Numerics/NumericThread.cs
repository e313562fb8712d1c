using TorchSharp;

namespace Grains.Training.Numerics;

/// <summary>
/// How a thread must be set for its numbers to repeat: one intra-op thread and denormals flushed to zero. Both belong to the thread, so
/// each one that computes calls <see cref="Prepare"/> before its first tensor.
/// </summary>
public static class NumericThread
{
    private const int OfProcess = 0;
    private const int LowPriority = 15;

    [ThreadStatic] private static bool _prepared;

    /// <summary>Makes this thread one for computing. Once is enough; more do no harm.</summary>
    public static void Prepare()
    {
        if (_prepared) return;
        torch.set_num_threads(1);
        FlushDenormals();
        KeepMemory();
        _prepared = true;
    }

    /// <summary>Lets grains and storage go first (nice 15, Linux). Cannot be taken back without privileges.</summary>
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
    /// Of this process, and for glibc alone: autograd allocates and frees the same megabytes in each update. Given back to the system in
    /// between, their pages would be cleared anew every time, a tenth of a CNN's update in bf16.
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
            // Another C library: only slower.
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
            // Another compiler's names: only slower, and the fingerprint tells such a silo apart.
        }
    }
}
