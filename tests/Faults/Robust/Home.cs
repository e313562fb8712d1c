using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Tests.Faults.Robust;

/// <summary>These tests count seconds, so they run alone.</summary>
[CollectionDefinition("robust", DisableParallelization = true)]
public sealed class OneAtATime;

/// <summary>Holds a SWEEP_HOME of the test's own, driven by the program that users run.</summary>
public sealed class Home : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-robust-").FullName;
    private readonly string[] _command = [Program];

    public Home()
    {
    }

    /// <param name="asUser">Who runs it: a number. Only root can.</param>
    public Home(string asUser)
    {
        _command = ["setpriv", "--reuid", asUser, "--regid", asUser, "--clear-groups", Program];
        using var chown = Process.Start("chown", [asUser, _folder]);
        chown.WaitForExit();
    }

    public string Path => System.IO.Path.Combine(_folder, "home");

    /// <summary>Writes a sweep of a few seconds with four small dense networks.</summary>
    public string Spec(int epochs, int seed = 1, int images = 1500)
    {
        string file = System.IO.Path.Combine(_folder, $"spec-{epochs}-{seed}-{images}.yaml");
        File.WriteAllText(file, $$"""
            name: robust
            seed: {{seed}}
            data: { source: xray-phantom, train: {{images}}, validation: 100, test: 100 }
            model: { kind: dense, hidden: [300, 150], activation: relu }
            training: { optimizer: adam, batch_size: 16, epochs: {{epochs}} }
            parameters:
              learning_rate: { values: [1e-4, 1e-3] }
              batch_norm: { values: [true, false] }
            """);
        return file;
    }

    /// <summary>Returns the path of a file beside the home.</summary>
    public string Write(string name, string text)
    {
        string file = System.IO.Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Runs `sweep …` and returns what it printed. Fails unless it exits as expected.</summary>
    public async Task<string> Sweep(int exitCode, params string[] arguments)
    {
        var (code, text) = await Try(arguments);
        Assert.True(code == exitCode, $"sweep {string.Join(' ', arguments)}: exit code {code}, expected {exitCode}. It printed: {text}");
        return text;
    }

    /// <summary>Runs `sweep …` and accepts any exit code.</summary>
    public async Task<(int ExitCode, string Output)> Try(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(_command[0], [.. _command[1..], .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            Environment = { ["SWEEP_HOME"] = Path },
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            Assert.Fail($"sweep {string.Join(' ', arguments)} did not end within {Patience.TotalSeconds:0} s. It printed: {await output}");
        }
        return (process.ExitCode, await output + await error);
    }

    public Task<string> Sweep(params string[] arguments) => Sweep(0, arguments);

    /// <summary>Returns the first lines that a command prints. The command is killed then.</summary>
    public async Task<string[]> LinesOfKilled(int count, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(_command[0],
            [.. _command[1..], .. arguments])
        { RedirectStandardOutput = true, Environment = { ["SWEEP_HOME"] = Path } })!;
        using var patience = new CancellationTokenSource(Patience);
        var lines = new List<string>();
        while (lines.Count < count && await process.StandardOutput.ReadLineAsync(patience.Token) is { } line) lines.Add(line);
        process.Kill();
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(count, lines.Count);
        return [.. lines];
    }

    /// <summary>Reads a number from the journal.</summary>
    public long Ask(string sql) => Convert.ToInt64(Journal(sql, c => c.ExecuteScalar()), System.Globalization.CultureInfo.InvariantCulture);

    public string Text(string sql) => (string)Journal(sql, c => c.ExecuteScalar())!;

    /// <summary>Alters the journal behind everybody's back.</summary>
    public void Execute(string sql) => Assert.Equal(1, Journal(sql, c => c.ExecuteNonQuery()));

    private T Journal<T>(string sql, Func<SqliteCommand, T> ask)
    {
        using var connection = new SqliteConnection(
            $"Data Source={System.IO.Path.Combine(Path, "journal.db")};Pooling=False;Default Timeout=10");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return ask(command);
    }

    public async Task<string> Submit(string spec, params string[] more) =>
        (await Sweep(["submit", spec, .. more])).Trim().Split('\n')[0].Trim();

    public async Task<string> Digest(string id)
    {
        using var results = JsonDocument.Parse(await Sweep("results", id, "--format", "json"));
        return results.RootElement.GetProperty("sweep").GetProperty("digest").GetString()
            ?? throw new InvalidOperationException($"{id} has no digest.");
    }

    /// <summary>Returns the result of a sweep that nothing disturbs, in a home that is gone afterwards.</summary>
    public static async Task<string> CalmDigest(Func<Home, string> spec)
    {
        await using var home = new Home();
        await home.Sweep("cluster", "up", "--silos", "2");
        string id = await home.Submit(spec(home), "--watch");
        return await home.Digest(id);
    }

    public int PidOf(string silo) => int.Parse(File.ReadAllText(System.IO.Path.Combine(Path, "run", $"{silo}.heartbeat")).Split(' ')[0]);

    /// <summary>Says whether a process of the silo lives, besides the one given.</summary>
    public bool RunsSilo(string silo, int besides) => Directory.GetDirectories("/proc").Any(p =>
        System.IO.Path.GetFileName(p) != $"{besides}" && Arguments(p) is var a
            && a.Contains(Path, StringComparison.Ordinal) && a.Contains($"--name\0{silo}\0", StringComparison.Ordinal));

    private static string Arguments(string process)
    {
        try
        {
            return File.ReadAllText(System.IO.Path.Combine(process, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no such process, or it is gone.
            return "";
        }
    }

    public async Task<JsonElement[]> Trials(string id)
    {
        using var trials = JsonDocument.Parse(await Sweep("trials", id, "--format", "json"));
        return [.. trials.RootElement.Clone().EnumerateArray()];
    }

    /// <summary>Waits until the condition holds, and asks ten times a second.</summary>
    public static async Task Until(string what, Func<Task<bool>> holds, int seconds = 60)
    {
        for (long begin = Stopwatch.GetTimestamp(); !await holds(); await Task.Delay(100))
            Assert.True(Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds, $"Waited {seconds} s for: {what}.");
    }

    /// <summary>Waits until this many epochs of the sweep are in the journal.</summary>
    public Task UntilEpochs(string id, int epochs) =>
        Until($"{epochs} epochs of {id}", async () => (await Trials(id)).Sum(t => t.GetProperty("epoch").GetInt32()) >= epochs);

    public string Log(string name) => File.ReadAllText(System.IO.Path.Combine(Path, "logs", $"{name}.log"));

    public static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        await Sweep("cluster", "down");
        Directory.Delete(_folder, recursive: true);
    }

    private static string Program
    {
        get
        {
            string release = $"{System.IO.Path.DirectorySeparatorChar}Release{System.IO.Path.DirectorySeparatorChar}";
            string configuration = AppContext.BaseDirectory.Contains(release, StringComparison.Ordinal) ? "Release" : "Debug";
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Cluster.sln"))) folder = folder.Parent!;
            return System.IO.Path.Combine(folder.FullName, "Client", "bin", configuration, "net10.0", "sweep");
        }
    }
}
