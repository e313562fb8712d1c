using System.Diagnostics;
using Client.LocalCluster;

namespace Client;

/// <summary>A process id is reused, but a process id together with the moment of its start is not.</summary>
internal static class ProcessIdentity
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Returns null when no such process runs. One that has ended and was not yet collected does not run.</summary>
    public static string? StartOf(int pid)
    {
        if (pid <= 0) return null;
        return OperatingSystem.IsLinux() ? FromProc(pid) : FromRuntime(pid);
    }

    public static bool IsAlive(int pid, string start) => start.Length > 0 && StartOf(pid) == start;

    /// <summary>Returns the program's name on Linux, or null when it is gone.</summary>
    public static string? NameOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Returns the start in clock ticks since boot, and which boot it was.</summary>
    private static string? FromProc(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            // The second field is the program's name in parentheses and may hold spaces. The state comes first after it, and the start is
            // field 22.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : $"{File.ReadAllText(BootIdFile).Trim()[..8]}:{fields[19]}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? FromRuntime(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().ToString("yyyyMMddHHmmss");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
