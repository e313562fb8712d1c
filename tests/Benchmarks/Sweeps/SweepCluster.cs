using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Benchmarks.Sweeps;

/// <summary>Runs two silos of one slot each in a home of their own, by the program that users run.</summary>
internal sealed class SweepCluster : IDisposable
{
    private static readonly string s_program = Path.Combine(Repository.Root, "Client", "bin", "Release", "net10.0", "sweep");

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-benchmark-").FullName;

    public SweepCluster()
    {
        if (!File.Exists(s_program)) throw new InvalidOperationException("The client is not built: dotnet build -c Release Cluster.sln");
        Sweep("cluster", "up", "--silos", "2", "--slots", "1");
    }

    /// <summary>Returns the path of a file beside the home.</summary>
    public string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>
    /// Trains everything in the file, whatever was trained before. Returns the seconds from submission to the sweep's end.
    /// </summary>
    public double Train(string file)
    {
        Sweep("submit", file, "--watch", "--no-reuse");
        var status = JsonNode.Parse(Sweep("status", "last", "--format", "json"))!;
        return (status["ended"]!.GetValue<DateTimeOffset>() - status["submitted"]!.GetValue<DateTimeOffset>()).TotalSeconds;
    }

    private string Sweep(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(s_program, arguments)
        {
            RedirectStandardOutput = true,
            Environment = { ["SWEEP_HOME"] = Path.Combine(_folder, "home") },
        })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"sweep {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    public void Dispose()
    {
        Sweep("cluster", "down");
        Directory.Delete(_folder, recursive: true);
    }
}
