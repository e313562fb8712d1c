using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Tests.Faults.Programs;

/// <summary>Does what docs/your-own.md tells a reader to do: its files and its commands are taken from the page.</summary>
public sealed partial class YourOwnTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "your-own.md"));

    [Fact]
    public async Task FilesAndCommandsOfThePageMakeASweep()
    {
        await using var place = LocalCluster.Down();
        foreach (string file in (string[])["train.py", "sweep.yaml"]) place.Write($"own/{file}", Block($"file: {file}"));
        string[] commands = Block("run").TrimEnd('\n').Split('\n');
        Assert.InRange(commands.Length, 1, 3);
        Assert.InRange(Block("file: train.py").Split('\n').Length + Block("file: sweep.yaml").Split('\n').Length, 1, 40);

        await Shell(place, string.Join('\n', commands).Replace("CLONE", Repository.Root, StringComparison.Ordinal));
        var results = await place.Json("results", "last");
        DigestTests.Digest(results);
        var trials = results["trials"]!.AsArray();
        Assert.Equal(12, trials.Count);
        Assert.All(trials, t => Assert.Equal(5, t!["measurements"]!.AsArray().Count));

        // The shell's program is given the same questions, and goes on from what it saved at its end.
        place.Write("shell/train.sh", Block("file: train.sh"));
        Assert.Contains("""run: [sh, train.sh, "{rate}"]""", Page, StringComparison.Ordinal);
        string sweep = place.Write("shell/sweep.yaml", """
            name: descent
            program:
              run: [sh, train.sh, "{rate}"]
              files: [train.sh]
              metrics: {loss: minimize}
              epochs: 3
              repeatable: true
            parameters:
              rate: {values: [0.1, 0.25]}
            """);
        string id = await place.Submit(sweep);
        (await place.Run("watch", id)).Exits(0);
        (await place.Run("extend", id, "--epochs", "5")).Exits(0);
        (await place.Run("watch", id)).Exits(0);
        // Each step multiplies x by 1 - 2·rate, and x² is told.
        foreach (var trial in (await place.Json("results", id))["trials"]!.AsArray())
        {
            double factor = 1 - 2 * trial!["parameters"]!["rate"]!.GetValue<double>();
            double[] losses = [.. trial["measurements"]!.AsArray().Select(m => m!["metrics"]!["loss"]!.GetValue<double>())];
            Assert.Equal(5, losses.Length);
            Assert.All(losses.Index(), l => Assert.Equal(25 * Math.Pow(factor, 2 * (l.Index + 1)), l.Item, 1e-12));
        }
    }

    /// <summary>Returns the block of code behind a mark of the page.</summary>
    private static string Block(string mark) => Fence().Match(Page[Page.IndexOf($"<!-- {mark} -->", StringComparison.Ordinal)..]).Groups[1].Value;

    /// <summary>Runs the commands in the reader's folder, as a reader's shell does.</summary>
    private static async Task Shell(LocalCluster place, string commands)
    {
        var start = new ProcessStartInfo("sh", ["-e", "-c", commands])
        {
            WorkingDirectory = place.PathOf("own"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["SWEEP_HOME"] = place.Home,
                ["PATH"] = $"{Path.GetDirectoryName(Repository.Sweep)}:{Environment.GetEnvironmentVariable("PATH")}",
            },
        };
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(shell.ExitCode == 0, $"{commands}: exit code {shell.ExitCode}\n{output}\n{await errors}");
    }

    [GeneratedRegex(@"```\w*\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
