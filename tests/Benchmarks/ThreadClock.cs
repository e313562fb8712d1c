using System.Runtime.InteropServices;

namespace Benchmarks;

/// <summary>Reads the CPU time of the calling thread, which on a shared machine is the only time that repeats.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Seconds
    {
        get
        {
            _ = GetTime(ThreadCpuTime, out var time);
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds, Nanoseconds;
    }
}
