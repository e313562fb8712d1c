using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tests.Cluster.Reuse;

/// <summary>Runs a cluster in a home of its own through the `sweep` command line.</summary>
public sealed class LocalCluster : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("sweep-reuse-").FullName;

    public string Checkpoints => Path.Combine(_home, "checkpoints");

    public async ValueTask InitializeAsync() => await Sweep("cluster", "up", "--silos", "2");

    public async ValueTask DisposeAsync()
    {
        await Sweep("cluster", "down");
        Directory.Delete(_home, recursive: true);
    }

    /// <summary>Runs a sweep file to its end and answers its results.</summary>
    public async Task<JsonNode> Run(string spec, params string[] options) => await Results(await Submit(spec, ["--watch", .. options]));

    /// <summary>Submits a sweep file and returns the sweep's ID.</summary>
    public async Task<string> Submit(string spec, params string[] options)
    {
        string file = Path.Combine(_home, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, spec);
        return (await Sweep(["submit", file, .. options])).Split('\n')[0].Trim();
    }

    public async Task<JsonNode> Results(string id) => JsonNode.Parse(await Sweep("results", id, "--format", "json"))!;

    public async Task<JsonNode> Preview(string spec)
    {
        string file = Path.Combine(_home, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, spec);
        return JsonNode.Parse(await Sweep("preview", file, "--format", "json"))!;
    }

    /// <summary>Returns the standard output of a command that succeeded.</summary>
    public async Task<string> Sweep(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Client, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["SWEEP_HOME"] = _home },
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token),
                process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"sweep {string.Join(' ', arguments)} ended with {process.ExitCode}: " +
                $"{await error}{await output}");
            return await output;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"sweep {string.Join(' ', arguments)} did not end within three minutes.");
        }
    }

    private static string Client
    {
        get
        {
            // We run in tests/Cluster/bin/CONFIGURATION/FRAMEWORK, and the client was built beside it under the same names.
            var bin = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
            return Path.Combine(bin.Parent!.Parent!.Parent!.Parent!.Parent!.FullName, "Client", "bin", bin.Parent.Name, bin.Name, "sweep");
        }
    }
}
