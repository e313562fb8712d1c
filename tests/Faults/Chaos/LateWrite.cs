using Microsoft.Data.Sqlite;

namespace Tests.Faults.Chaos;

/// <summary>
/// Makes a silo write too late. A silo that stood still and was taken for dead learns of it within a tenth of a second and ends. Whether
/// it writes before is chance, unless a write of its was under way when it was stopped.
/// </summary>
internal static class LateWrite
{
    // The number of futex(2) on x86-64, in which a thread sleeps that waits for another one.
    private const string Futex = "202";

    /// <summary>
    /// Stops a silo of one slot with a measurement under way. While we hold the journal's write lock, its slot waits for what it has
    /// measured, and its writer for the lock. It writes as soon as it goes on.
    /// </summary>
    public static async Task StopWithAMeasurement(LocalCluster cluster, int pid, TimeSpan patience)
    {
        using var connection = Open(cluster, seconds: 30);
        using var transaction = connection.BeginTransaction(deferred: false);
        await Eventually.Holds($"silo {pid} waits for the write lock with a measurement", patience, () =>
        {
            string slot = SystemCall(pid, "slot 0"), writer = SystemCall(pid, "journal writer");
            if (slot != Futex || writer == Futex) return $"its slot is in system call {slot}, its writer in {writer}\n{cluster.Logs()}";
            Processes.Stop(pid);
            return null;
        });
    }

    /// <param name="seconds">That it waits for the write lock.</param>
    public static SqliteConnection Open(LocalCluster cluster, int seconds)
    {
        var connection = new SqliteConnection(
            $"Data Source={Path.Combine(cluster.Home, "journal.db")};Pooling=False;Default Timeout={seconds}");
        connection.Open();
        return connection;
    }

    /// <summary>Returns the number of the thread's system call, or "running".</summary>
    private static string SystemCall(int pid, string thread) => Directory.GetDirectories($"/proc/{pid}/task")
        .Where(t => File.ReadAllText(Path.Combine(t, "comm")).TrimEnd() == thread)
        .Select(t => File.ReadAllText(Path.Combine(t, "syscall")).Split(' ', '\n')[0]).FirstOrDefault() ?? "none";
}
