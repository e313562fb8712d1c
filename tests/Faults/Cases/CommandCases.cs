using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tests.Faults.Cases;

/// <summary>These small inputs failed for the verbs of the command line. Each has its number, and all run on one cluster.</summary>
public sealed partial class CommandCases(CommandCases.TwoSilos two) : IClassFixture<CommandCases.TwoSilos>
{
    public sealed class TwoSilos : IAsyncLifetime
    {
        internal LocalCluster Cluster { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Cluster = await LocalCluster.Up(silos: 2);

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();
    }

    private LocalCluster Cluster => two.Cluster;

    [Fact, Trait("Case", "02")]
    public async Task Case02AVerbThatDestroysFindsNothingByAPrefixAndNothingTwice()
    {
        string file = Path.Combine(SharedCases.Copy(2, Cluster.PathOf("case-02")), "fk.yaml");
        string parent = await Trained(file);
        var fork = (await Cluster.Run("fork", parent, "--trial", "1", "--at", "3", "--set", "learning_rate=1e-2", "--set",
            "epochs=6", "--watch")).Exits(0);
        string child = fork.Output.Split('\n')[0].Trim();
        Assert.StartsWith(parent, child, StringComparison.Ordinal);

        foreach (string verb in (string[])["delete", "cancel", "pause", "resume", "retry"])
        {
            Assert.Contains("is empty", (await Cluster.Run(verb, "")).Exits(2).Errors, StringComparison.Ordinal);
            Assert.Contains("only the beginning of", (await Cluster.Run(verb, parent[..5])).Exits(2).Errors, StringComparison.Ordinal);
        }
        Assert.Contains("only the beginning of", (await Cluster.Run("extend", parent[..5], "--epochs", "9")).Exits(2).Errors,
            StringComparison.Ordinal);
        Assert.Contains("only the beginning of", (await Cluster.Run("fork", parent[..5], "--trial", "1", "--at", "3", "--set",
            "dropout=0.1")).Exits(2).Errors, StringComparison.Ordinal);
        Assert.Contains("is empty", (await Cluster.Run("submit", file, "--key", "")).Exits(2).Errors, StringComparison.Ordinal);

        string told = (await Cluster.Run("delete", parent)).Exits(0).Errors;
        foreach (string part in (string[])["Deleting", parent, "(fk)", "Completed", "1 trial"])
            Assert.Contains(part, told, StringComparison.Ordinal);
        // The fork's ID begins with its parent's. The second delete finds it by that prefix, and does not take it.
        Assert.Contains($"'{parent}' is only the beginning of {child}", (await Cluster.Run("delete", parent)).Exits(2).Errors,
            StringComparison.Ordinal);
        Assert.Contains(child, await Ids());
        (await Cluster.Run("delete", child)).Exits(0);
    }

    [Fact]
    public async Task WhatCouldNotStartIsNotTheLastSweepAndARefusedForkLeavesNothing()
    {
        string good = await Trained(Cluster.Write("good.yaml", Sweeps.Small));
        (await Cluster.Run("submit", Cluster.Write("missing.yaml",
            "name: missing\ndata: {source: image-folder, path: no-such-images}\ntraining: {epochs: 1}\n"))).Exits(2);
        Assert.Equal(good, (await Cluster.Json("status", "last"))["id"]!.GetValue<string>());

        var before = await Ids();
        string refusal = (await Cluster.Run("fork", good, "--trial", "1", "--at", "2", "--set", "learning_rate=1e-2")).Exits(2).Errors;
        Assert.Contains("epoch 2 is not kept", refusal, StringComparison.Ordinal);
        Assert.Equal(before, await Ids());
        Assert.Equal(good, (await Cluster.Json("status", "last"))["id"]!.GetValue<string>());
    }

    [Fact, Trait("Case", "04")]
    public async Task Case04AnExportReplacesNeitherALinkNorAFifo()
    {
        string folder = Cluster.PathOf("case-04");
        SharedCases.Copy(4, folder);
        string id = await Trained(Cluster.Write("export.yaml", Sweeps.Small));
        string link = Path.Combine(folder, "link"),
            target = Path.Combine(folder, "target"), fifo = Path.Combine(folder, "pipe"), plain = Path.Combine(folder, "plain");
        (await Cluster.Run("checkpoint", "export", id, "--trial", "1", "-o", plain)).Exits(0);
        byte[] whole = await File.ReadAllBytesAsync(plain, Token);

        File.WriteAllText(target, "keep");
        File.CreateSymbolicLink(link, "target");
        (await Cluster.Run("checkpoint", "export", id, "--trial", "1", "-o", link)).Exits(0);
        Assert.Equal("target", new FileInfo(link).LinkTarget);
        Assert.Equal(whole, await File.ReadAllBytesAsync(target, Token));

        using (var make = Process.Start("mkfifo", [fifo])) make.WaitForExit();
        var read = Task.Run(() => File.ReadAllBytes(fifo), Token);
        (await Cluster.Run("checkpoint", "export", id, "--trial", "1", "-o", fifo)).Exits(0);
        Assert.Equal(whole, await read);
        using var still = Process.Start("test", ["-p", fifo]);
        still.WaitForExit();
        Assert.Equal(0, still.ExitCode);

        // Standard output is one more target that is no file, and nothing but the weights is in it.
        using var shell = Process.Start(new ProcessStartInfo("sh",
            ["-c", $"\"$0\" checkpoint export {id} --trial 1 -o /dev/stdout | cmp - \"$1\"", Repository.Sweep, plain])
        {
            Environment = { ["SWEEP_HOME"] = Cluster.Home },
            RedirectStandardError = true,
        })!;
        await shell.WaitForExitAsync(Token);
        Assert.Equal(0, shell.ExitCode);
    }

    [Fact, Trait("Case", "21")]
    public async Task Case21TablesOfEveryVerbFitTheTerminal()
    {
        SharedCases.Copy(21, Cluster.PathOf("case-21"));
        string id = await Trained(Cluster.Write("drawn.yaml", """
            name: a rather long name for a sweep of drawn settings
            data: {source: xray-phantom, train: 100, validation: 20, test: 20}
            model: {hidden: [8]}
            training: {epochs: 2}
            search: {sampler: random, trials: 4}
            parameters:
              learning_rate: {min: 1e-5, max: 1e-2, log: true}
              dropout: {min: 0, max: 0.5}
              batch_norm: {values: [true, false]}
            """));
        foreach (int width in (int[])[60, 80, 110])
        {
            Assert.Equal(5, Rows(await OnTerminal(width, "trials", id), width));
            Assert.Equal(5, Rows(await OnTerminal(width, "results", id), width));
            Assert.Equal(5, Rows(await OnTerminal(width, "preview", Cluster.PathOf("drawn.yaml")), width));
            Assert.Equal(5, Rows(await OnTerminal(width, "checkpoints", id), width));
            Assert.Equal(3, Rows(await OnTerminal(width, "cluster", "status"), width));
            Assert.True(Rows(await OnTerminal(width, "list"), width) >= 2);
        }
        Assert.Contains(id, string.Concat(await OnTerminal(30, "list")), StringComparison.Ordinal);
    }

    [Fact, Trait("Case", "23")]
    public async Task Case23AnExportIntoAFolderThatIsNotThereIsBadInput()
    {
        SharedCases.Copy(23, Cluster.PathOf("case-23"));
        var outcome = (await Cluster.Run("checkpoint", "export", "last", "--trial", "1", "-o", "/nonexistent/x")).Exits(2);
        Assert.Contains("there is no folder /nonexistent", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected", outcome.Errors, StringComparison.Ordinal);
    }

    /// <summary>Two of four runs were wrong, because an end was told before the epochs that it rests on.</summary>
    [Fact]
    public async Task AWatchTellsOfEachTrialTheObjectiveThatItsTableHas()
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            string file = Cluster.Write($"short-{seed}.yaml", $$"""
                name: short
                seed: {{seed}}
                data: {source: xray-phantom, train: 100, validation: 60, test: 20}
                model: {hidden: [8]}
                parameters:
                  learning_rate: {values: [1e-3, 1e-2, 1e-1]}
                  epochs: {values: [2, 5]}
                """);
            var watched = (await Cluster.Run("submit", file, "--watch")).Exits(0);
            string id = watched.Output.Split('\n')[0].Trim();
            foreach (var trial in (await Cluster.Json("trials", id)).AsArray())
            {
                string line = watched.Output.Split('\n').Single(l => l.StartsWith($"trial {trial!["number"]} (", StringComparison.Ordinal)
                    && l.Contains(" completed", StringComparison.Ordinal));
                Assert.EndsWith($"validation_accuracy {trial!["objective"]!.GetValue<double>():0.0000}", line, StringComparison.Ordinal);
            }
            Assert.Contains($"`sweep results {id}`", watched.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AWatchThatIsInterruptedSaysThatTheSweepGoesOn()
    {
        string id = await Cluster.Submit(Cluster.Write("endless.yaml", Sweeps.Endless));
        using var watch = Cluster.Start("watch", id);
        await watch.WaitForLine("is running", LocalCluster.Patience);
        Processes.Interrupt(watch.Pid);
        string said = (await watch.End(TimeSpan.FromSeconds(30))).Exits(130).Errors;
        Assert.Contains($"{id} goes on", said, StringComparison.Ordinal);
        Assert.Contains($"`sweep watch {id}`", said, StringComparison.Ordinal);
        (await Cluster.Run("delete", id)).Exits(0);
    }

    [Fact]
    public async Task WhyATrialFailedIsToldByStatusTrialsAndTheEndOfAWatch()
    {
        var watched = (await Cluster.Run("submit", Cluster.Write("wild.yaml", """
            name: wild
            data: {source: xray-phantom, train: 200, validation: 60, test: 60}
            model: {hidden: [16]}
            training: {optimizer: sgd, batch_size: 16, epochs: 2}
            trials:
              - {name: wild, learning_rate: 1e30, l2: 1}
            """), "--watch")).Exits(4);
        string id = watched.Output.Split('\n')[0].Trim();
        foreach (string screen in (string[])[watched.Output, (await Cluster.Run("status", id)).Exits(0).Output,
            (await Cluster.Run("trials", id)).Exits(0).Output])
            Assert.Contains("trial 1 failed: The train_loss is not a finite number", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATraceIsShortByDefaultWholeAtOnceAndHasTheCallsOfGrainsOnRequest()
    {
        string id = await Trained(Cluster.Write("traced.yaml", Sweeps.Small.Replace("seed: 3", "seed: 41", StringComparison.Ordinal)));
        var spans = (await Cluster.Json("trace", id)).AsArray();
        // Each of this sweep's four trainings has its span, though the sweep has only just ended.
        Assert.Equal(4, spans.Count(s => s!["name"]!.GetValue<string>() == "training"));
        string brief = (await Cluster.Run("trace", id)).Exits(0).Output, all = (await Cluster.Run("trace", id, "--all")).Exits(0).Output;
        Assert.DoesNotContain("ISweepGrain", brief, StringComparison.Ordinal);
        Assert.Contains("ISweepGrain", all, StringComparison.Ordinal);
        Assert.True(brief.Split('\n').Length < all.Split('\n').Length);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<string> Trained(string file)
    {
        string id = await Cluster.Submit(file);
        (await Cluster.Run("watch", id)).Exits(0);
        return id;
    }

    private async Task<string[]> Ids() =>
        [.. (await Cluster.Json("list")).AsArray().Select(s => s!["id"]!.GetValue<string>()).Order(StringComparer.Ordinal)];

    /// <summary>Returns the lines that a verb shows on a terminal of that width, without colours.</summary>
    private async Task<string[]> OnTerminal(int width, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("script",
                ["-qec", $"stty cols {width} rows 50; '{Repository.Sweep}' {string.Join(' ', arguments)}", "/dev/null"])
            {
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
                Environment = { ["SWEEP_HOME"] = Cluster.Home, ["TERM"] = "xterm" },
            })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("`script` is no program here: no terminal can be had.");
            return [];
        }
        using (process)
        {
            string output = await process.StandardOutput.ReadToEndAsync(Token);
            await process.WaitForExitAsync(Token);
            Assert.True(process.ExitCode == 0, output);
            return [.. Colours().Replace(output, "").Split('\n').Select(l => l.TrimEnd('\r'))];
        }
    }

    /// <summary>Returns how many lines a table has, none of them wider than the terminal.</summary>
    private static int Rows(string[] lines, int width)
    {
        string[] drawn = [.. lines.Where(l => l.StartsWith('│'))];
        Assert.All(drawn, l => Assert.True(l.Length <= width, $"{l.Length} columns of {width}:\n{l}"));
        return drawn.Length;
    }

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Colours();
}
