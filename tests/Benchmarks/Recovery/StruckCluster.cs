using System.Diagnostics;
using Dapper;
using Grains.Storage.Journal;

namespace Benchmarks.Recovery;

/// <summary>Runs a local cluster in a home of its own, by the program that users run, and reads its journal.</summary>
internal sealed class StruckCluster : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-recovery-").FullName;

    public StruckCluster(int silos) => Sweep("cluster", "up", "--silos", $"{silos}");

    private string Home => Path.Combine(_folder, "home");

    public void Submit(string spec)
    {
        string file = Path.Combine(_folder, "sweep.yaml");
        File.WriteAllText(file, spec);
        Sweep("submit", file);
    }

    public IReadOnlyList<T> Query<T>(string sql, object? parameters = null)
    {
        using var connection = JournalDatabase.Sqlite(Path.Combine(Home, "journal.db")).Open();
        return connection.Query<T>(sql, parameters).AsList();
    }

    /// <summary>Asks until there is an answer.</summary>
    public T Await<T>(string what, Func<T?> find) where T : class
    {
        for (long begin = Stopwatch.GetTimestamp(); ; Thread.Sleep(10))
        {
            if (find() is { } found) return found;
            if (Stopwatch.GetElapsedTime(begin) > TimeSpan.FromMinutes(2))
                throw new TimeoutException($"Waited two minutes until {what}. See {Home}/logs.");
        }
    }

    public static void Signal(long pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        Sweep("cluster", "down");
        Directory.Delete(_folder, recursive: true);
    }

    private void Sweep(params string[] arguments)
    {
        string program = Path.Combine(Repository.Root, "Client", "bin", "Release", "net10.0", "sweep");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["SWEEP_HOME"] = Home;
        using var process = Process.Start(start)!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"sweep {string.Join(' ', arguments)}: exit code {process.ExitCode}. {said}");
    }
}
