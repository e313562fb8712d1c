using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Tests.Faults;

/// <summary>Asks what a person asks of a cluster of three silos, all of it by command.</summary>
public sealed class ClusterTests(ClusterTests.ThreeSilos three) : IClassFixture<ClusterTests.ThreeSilos>
{
    public sealed class ThreeSilos : IAsyncLifetime
    {
        internal LocalCluster Cluster { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Cluster = await LocalCluster.Up(silos: 3);

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();
    }

    private LocalCluster Cluster => three.Cluster;

    [Fact]
    public async Task ClusterStatusIsAsItsContractSays()
    {
        var silos = (await Cluster.Json("cluster", "status"))["silos"]!.AsArray();
        Assert.Equal(["silo-1", "silo-2", "silo-3"], silos.Select(s => s!["name"]!.GetValue<string>()).Order());
        Assert.All(silos, silo =>
        {
            Assert.Equal(["address", "fingerprint", "name", "pid", "slots", "state"], Properties(silo).Order());
            Assert.Contains(Processes.With(Cluster.Home), p => p.Pid == silo!["pid"]!.GetValue<int>());
            Assert.Equal("Active", silo!["state"]!.GetValue<string>());
            Assert.Equal(1, silo["slots"]!.GetValue<int>());
        });
        Assert.Single(silos.Select(s => s!["fingerprint"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    public async Task ClusterUpChangesNothingWhenItRepeats()
    {
        var before = Processes.With(Cluster.Home).Select(p => p.Pid).Order();
        Assert.Contains("already up", (await Cluster.Run("cluster", "up")).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("already up", (await Cluster.Run("cluster", "up", "--silos", "3")).Exits(0).Output, StringComparison.Ordinal);
        Assert.Equal(before, Processes.With(Cluster.Home).Select(p => p.Pid).Order());
    }

    [Fact]
    public async Task ResultsAreAsTheirContractSays()
    {
        var results = await Cluster.ResultsOf(Cluster.Write("small.yaml", Sweeps.Small));
        Assert.Equal(["version", "sweep", "metrics", "configurations", "trials"], Properties(results));
        Has(results["sweep"], "id", "name", "state", "digest", "objective");
        Assert.Equal("Completed", results["sweep"]!["state"]!.GetValue<string>());
        var configurations = results["configurations"]!.AsArray();
        Assert.Equal(2, configurations.Count);
        Assert.All(configurations, c => Has(c, "parameters", "trials", "mean", "deviation", "best", "parameterCount", "seconds"));
        var trials = results["trials"]!.AsArray();
        Assert.Equal([1, 2, 3, 4], trials.Select(t => t!["number"]!.GetValue<int>()));
        Assert.All(trials, trial =>
        {
            Has(trial, "number", "name", "parameters", "replicate", "state", "reason", "epochs", "bestEpoch",
                "measurements", "initialCheckpoint",
                "finalCheckpoint", "recipe", "silo", "attempt", "seconds");
            var measurements = trial!["measurements"]!.AsArray();
            Assert.Equal([1, 2, 3], measurements.Select(m => m!["epoch"]!.GetValue<int>()));
            Assert.All(measurements, m =>
            {
                Has(m, "epoch", "metrics", "seconds");
                Has(m!["metrics"], "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy",
                    "penalty");
            });
        });

        // A table shows the same answer.
        string id = results["sweep"]!["id"]!.GetValue<string>(), digest = results["sweep"]!["digest"]!.GetValue<string>();
        Assert.Contains(digest[..12], (await Cluster.Run("results", id)).Exits(0).Output, StringComparison.Ordinal);
        var status = await Cluster.Json("status", id);
        Assert.Equal(4, status["trials"]!["completed"]!.GetValue<int>());
        Assert.Equal(12, status["epochsDone"]!.GetValue<int>());
    }

    [Fact]
    public async Task TrialsOfAReplicateBeginFromTheSameCheckpointPerArchitecture()
    {
        var results = await Cluster.ResultsOf(Cluster.Write("starts.yaml", """
            name: starts
            data: {source: xray-phantom, train: 100, validation: 40, test: 40}
            model: {hidden: [8]}
            training: {epochs: 1}
            parameters:
              activation: {values: [relu, tanh, elu]}
              batch_norm: {values: [false, true]}
            replicates: 2
            """));
        // Batch norm adds tensors, which makes another architecture.
        var groups = results["trials"]!.AsArray().GroupBy(
            t => (t!["replicate"]!.GetValue<int>(), t["parameters"]!["batch_norm"]!.GetValue<bool>()),
            t => t!["initialCheckpoint"]!.GetValue<string>()).ToList();
        Assert.Equal(4, groups.Count);
        Assert.All(groups, g => Assert.Single(g.Distinct()));
        Assert.Equal(4, groups.Select(g => g.First()).Distinct().Count());
    }

    [Fact]
    public async Task TraceHoldsClientAndThreeSilosUnderOneId()
    {
        string sweep = await Cluster.Submit(Cluster.Write("many.yaml",
            Sweeps.Small.Replace("replicates: 2", "replicates: 6", StringComparison.Ordinal)));
        (await Cluster.Run("watch", sweep)).Exits(0);
        // Spans are exported after the training.
        JsonArray spans = [];
        var begin = Stopwatch.GetTimestamp();
        string[] processes = [], wanted = ["client", "silo-1", "silo-2", "silo-3"];
        while (!wanted.All(processes.Contains) && Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(30))
        {
            spans = (await Cluster.Json("trace", sweep)).AsArray();
            processes = [.. spans.Select(s => s!["process"]!.GetValue<string>()).Distinct().Order()];
        }
        Assert.Equal(wanted, processes);
        string trace = Assert.Single(spans.Select(s => s!["traceId"]!.GetValue<string>()).Distinct());
        Assert.Equal((await Cluster.Json("status", sweep))["traceId"]!.GetValue<string>(), trace);
        var names = spans.Select(s => s!["name"]!.GetValue<string>()).ToHashSet();
        Assert.Superset(new HashSet<string> { "sweep submit", "sweep prepare", "training", "epoch" }, names);
        Assert.Contains(trace, (await Cluster.Run("trace", sweep)).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SpansAreOnTheConsoleOnRequest()
    {
        string file = Cluster.Write("small.yaml", Sweeps.Small);
        var told = (await Cluster.Run("submit", file, "--trace-console")).Exits(0);
        Assert.Contains("Activity.TraceId", told.Output + told.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Activity.TraceId", (await Cluster.Run("submit", file)).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DivergingTrialFailsWithItsReasonAndTheOthersGoOn()
    {
        string file = Cluster.Write("diverging.yaml", """
            name: diverging
            data: {source: xray-phantom, train: 200, validation: 60, test: 60}
            model: {hidden: [16]}
            training: {optimizer: sgd, batch_size: 16, epochs: 4}
            trials:
              - {name: calm, learning_rate: 1e-3}
              - {name: wild, learning_rate: 1e30, l2: 1}
            """);
        (await Cluster.Run("submit", file, "--watch")).Exits(4);
        var results = await Cluster.Json("results", "last");
        var (calm, wild) = (results["trials"]![0]!, results["trials"]![1]!);
        Assert.Equal("Completed", calm["state"]!.GetValue<string>());
        Assert.Equal(4, calm["measurements"]!.AsArray().Count);
        Assert.Equal("Failed", wild["state"]!.GetValue<string>());
        Assert.Equal("Diverged", wild["failure"]!.GetValue<string>());
        Assert.Contains("not a finite number", wild["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(wild["finalCheckpoint"]);
        Assert.Contains(wild["measurements"]!.AsArray(), m => m!["metrics"]!["train_loss"] is null || m["metrics"]!["validation_loss"] is null);
        // The recipe's own doing is part of the outcome.
        Assert.NotNull(results["sweep"]!["digest"]);
    }

    [Fact]
    public async Task MissingDataAreBadInputBeforeAnyTrialStarts()
    {
        string file = Cluster.Write("missing.yaml",
            "name: missing\ndata: {source: image-folder, path: no-such-images}\ntraining: {epochs: 1}\n");
        var outcome = (await Cluster.Run("submit", file, "--watch")).Exits(2);
        Assert.Contains("no-such-images", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancelledSweepStopsAndFreesItsSlots()
    {
        string sweep = await Cluster.Submit(Cluster.Write("endless.yaml", Sweeps.Endless));
        await Cluster.Journal("three trainings are under way", "SELECT COUNT(*) FROM attempt WHERE ended IS NULL", n => n == 3);
        (await Cluster.Run("cancel", sweep)).Exits(0);
        await Cluster.Journal("no training is under way", "SELECT COUNT(*) FROM attempt WHERE ended IS NULL", n => n == 0);
        var results = await Cluster.Json("results", sweep);
        Assert.Equal("Cancelled", results["sweep"]!["state"]!.GetValue<string>());
        Assert.Null(results["sweep"]!["digest"]);
        Assert.All(results["trials"]!.AsArray(), t => Assert.Equal("Cancelled", t!["state"]!.GetValue<string>()));
        (await Cluster.Run("watch", sweep)).Exits(4);
        (await Cluster.Run("cancel", sweep)).Exits(0);
    }

    [Fact]
    public async Task DeletedSweepIsForgottenAlsoWhileItRuns()
    {
        string sweep = await Cluster.Submit(Cluster.Write("endless.yaml", Sweeps.Endless));
        await Cluster.Journal("a training is under way", "SELECT COUNT(*) FROM attempt WHERE ended IS NULL", n => n > 0);
        (await Cluster.Run("delete", sweep)).Exits(0);
        await Cluster.Journal("no training is under way", "SELECT COUNT(*) FROM attempt WHERE ended IS NULL", n => n == 0);
        Assert.DoesNotContain((await Cluster.Json("list")).AsArray(), s => s!["id"]!.GetValue<string>() == sweep);
        (await Cluster.Run("status", sweep)).Exits(2);
    }

    [Fact]
    public async Task ExportedCheckpointHasTheBytesThatTheResultsName()
    {
        var results = await Cluster.ResultsOf(Cluster.Write("small.yaml", Sweeps.Small));
        string id = results["sweep"]!["id"]!.GetValue<string>();
        string last = Cluster.PathOf("last.safetensors"), best = Cluster.PathOf("best.safetensors");
        (await Cluster.Run("checkpoint", "export", id, "--trial", "2", "-o", last)).Exits(0);
        Assert.Equal(results["trials"]![1]!["finalCheckpoint"]!.GetValue<string>(), await DigestOfTensors(last));
        var about = Header(await File.ReadAllBytesAsync(last, Token))["__metadata__"]!;
        Assert.Equal(results["trials"]![1]!["finalCheckpoint"]!.GetValue<string>(), about["weights"]!.GetValue<string>());
        Assert.Equal(results["trials"]![1]!["recipe"]!.GetValue<string>(), about["recipe"]!.GetValue<string>());
        Assert.Equal(4, JsonNode.Parse(about["classes"]!.GetValue<string>())!.AsArray().Count);

        var early = results["trials"]!.AsArray().FirstOrDefault(t => t!["bestEpoch"]!.GetValue<int>() < 3);
        var trial = early ?? results["trials"]![1]!;
        (await Cluster.Run("checkpoint", "export", id, "--trial", $"{trial["number"]}", "--best", "-o", best)).Exits(0);
        string digest = await DigestOfTensors(best);
        if (early is null) Assert.Equal(trial["finalCheckpoint"]!.GetValue<string>(), digest);
        else Assert.NotEqual(trial["finalCheckpoint"]!.GetValue<string>(), digest);

        Assert.Contains("99", (await Cluster.Run("checkpoint", "export", id, "--trial", "99", "-o", best)).Exits(2).Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task SweepThatComesSecondGetsItsShareAtOnce()
    {
        string first = await Cluster.Submit(Cluster.Write("endless.yaml",
            Sweeps.Endless.Replace("90000", "400", StringComparison.Ordinal).Replace("[relu, tanh, sigmoid, elu]}",
            "[relu, tanh, sigmoid, elu, leaky_relu]}\n  learning_rate: {values: [1e-3, 1e-4, 1e-5]}", StringComparison.Ordinal)));
        await Cluster.Journal("all slots are taken", "SELECT COUNT(*) FROM attempt WHERE ended IS NULL", n => n == 3);
        string second = await Cluster.Submit(Cluster.Write("second.yaml",
            Sweeps.Small.Replace("name: small", "name: second\nreplicates: 1", StringComparison.Ordinal)
            .Replace("replicates: 2", "", StringComparison.Ordinal).Replace("seed: 3", "seed: 77", StringComparison.Ordinal)));
        await Cluster.Journal("the second sweep completes a trial",
            $"SELECT COUNT(*) FROM trial WHERE sweep = '{second}' AND state = 'Completed'", n => n > 0);
        Assert.Equal(0, Cluster.Ask($"SELECT COUNT(*) FROM sweep WHERE id = '{first}' AND ended IS NOT NULL"));
        Assert.True(Cluster.Ask($"SELECT COUNT(*) FROM trial WHERE sweep = '{first}' AND state = 'Pending'") > 1,
            "The second sweep waited for the first one's end.");
        (await Cluster.Run("watch", second)).Exits(0);
        (await Cluster.Run("delete", first)).Exits(0);
    }

    [Fact]
    public async Task SafetensorsFileByPythonIsTheStartOfEveryTrial()
    {
        await WritePython("start.safetensors", ("dense1.weight", [16, 1024]), ("dense1.bias", [16]),
            ("output.weight", [4, 16]), ("output.bias", [4]));
        var results = await Cluster.ResultsOf(Cluster.Write("start.yaml", $"{Sweeps.Small}\ninitial_checkpoint: start.safetensors\n"));
        Assert.All(results["trials"]!.AsArray(), t => Assert.Equal("Completed", t!["state"]!.GetValue<string>()));
        Assert.Single(results["trials"]!.AsArray().Select(t => t!["initialCheckpoint"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    public async Task SafetensorsFileThatDoesNotFitIsRefusedByTheNamesOfItsTensors()
    {
        await WritePython("unfit.safetensors", ("dense1.weight", [1024, 16]), ("output.weight", [4, 16]), ("output.bias", [4]));
        var outcome = (await Cluster.Run("submit",
            Cluster.Write("unfit.yaml", $"{Sweeps.Small}\ninitial_checkpoint: unfit.safetensors\n"), "--watch")).Exits(2);
        Assert.Contains("dense1.weight is [1024, 16] and the model needs [16, 1024]", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("dense1.bias [16] is missing", outcome.Errors, StringComparison.Ordinal);
    }

    /// <summary>Returns the digest of the file as the store has it, with the same tensors and a header that names nothing else.</summary>
    private static async Task<string> DigestOfTensors(string file)
    {
        byte[] bytes = await File.ReadAllBytesAsync(file, Token);
        var tensors = Header(bytes);
        tensors.Remove("__metadata__");
        byte[] header = System.Text.Encoding.UTF8.GetBytes(tensors.ToJsonString());
        byte[] padded = [.. header, .. Enumerable.Repeat((byte)' ', (8 - (header.Length % 8)) % 8)];
        return Convert.ToHexStringLower(SHA256.HashData([.. BitConverter.GetBytes((long)padded.Length), .. padded,
            .. bytes.AsSpan(8 + (int)BitConverter.ToInt64(bytes))]));
    }

    private static JsonObject Header(byte[] file) => JsonNode.Parse(file.AsSpan(8, (int)BitConverter.ToInt64(file)))!.AsObject();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IEnumerable<string> Properties(JsonNode? node) => node!.AsObject().Select(p => p.Key);

    private static void Has(JsonNode? node, params string[] properties) =>
        Assert.Superset(properties.ToHashSet(), Properties(node).ToHashSet());

    /// <summary>Writes small numbers with nothing but Python's own struct and json, as somebody without our library would.</summary>
    private async Task WritePython(string name, params (string Name, int[] Shape)[] tensors)
    {
        string script = Cluster.Write("write.py", """
            import json, struct, sys, math
            header, data = {}, b""
            for name, shape in json.loads(sys.argv[2]):
                count = math.prod(shape)
                values = struct.pack(f"<{count}f", *[((i * 37) % 101 - 50) / 1000 for i in range(count)])
                header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
                data += values
            text = json.dumps(header).encode()
            with open(sys.argv[1], "wb") as file:
                file.write(struct.pack("<Q", len(text)) + text + data)
            """);
        string list = new JsonArray([.. tensors.Select(
            t => (JsonNode)new JsonArray(t.Name, new JsonArray([.. t.Shape.Select(n => (JsonNode)n)])))]).ToJsonString();
        Process process;
        try
        {
            process = Process.Start("python3", [script, Cluster.PathOf(name), list]);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 was not installed.");
            return;
        }
        using (process)
        {
            await process.WaitForExitAsync(Token);
            Assert.Equal(0, process.ExitCode);
        }
    }
}
