using System.Runtime.InteropServices;

namespace Benchmarks;

/// <summary>What a benchmark ran on.</summary>
internal static class Machine
{
    public static string Processor => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("model name", StringComparison.Ordinal)).Split(':')[1].Trim()
        : RuntimeInformation.ProcessArchitecture.ToString();
}
