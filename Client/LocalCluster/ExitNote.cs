namespace Client.LocalCluster;

/// <summary>
/// The note run/exits/GENERATION says in one word how that run of a silo ended: `killed`, `crashed` or `memory`. The lease broker reads it
/// when it counts how often a training took its silo along.
/// </summary>
internal static class ExitNote
{
    private const int Sigill = 4, Sigtrap = 5, Sigabrt = 6, Sigbus = 7, Sigfpe = 8, Sigkill = 9, Sigsegv = 11, SignalBase = 128;
    private const string OutOfMemoryKills = "/sys/fs/cgroup/memory.events";

    private static long _kills = CountMemoryKills();

    /// <summary>Returns the process that wrote the heartbeat, or null when nobody has.</summary>
    public static (int Pid, string Generation)? ReadHeartbeat(string file)
    {
        try
        {
            return File.ReadAllText(file).Split(' ') is [var pid, var generation] && int.TryParse(pid, out int number)
                ? (number, generation)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static void Write(SweepHome home, string silo, int pid, int exitCode, bool silent)
    {
        // A silo that never had a heartbeat never had a lease.
        if (ReadHeartbeat(home.Heartbeat(silo)) is not { } owner || owner.Pid != pid) return;
        string note = silent ? "killed" : (exitCode - SignalBase) switch
        {
            Sigill or Sigtrap or Sigabrt or Sigbus or Sigfpe or Sigsegv => "crashed",
            Sigkill when MemoryKilled() => "memory",
            _ => "killed",
        };
        string file = home.Exit(owner.Generation);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            string temporary = $"{file}.tmp";
            File.WriteAllText(temporary, $"{note} {exitCode}");
            File.Move(temporary, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a note the silo counts as lost, which charges nobody with a crash.
        }
    }

    private static bool MemoryKilled()
    {
        long now = CountMemoryKills();
        return Interlocked.Exchange(ref _kills, now) < now;
    }

    /// <summary>
    /// Returns how often the kernel killed in our control group for memory. On a machine without control groups it counts all kills.
    /// </summary>
    private static long CountMemoryKills()
    {
        foreach (string file in new[] { OutOfMemoryKills, "/proc/vmstat" })
        {
            try
            {
                foreach (string line in File.ReadLines(file))
                    if (line.StartsWith("oom_kill ", StringComparison.Ordinal)) return long.Parse(line.AsSpan(9));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Other systems keep no such count.
            }
        }
        return 0;
    }
}
