using System.Text.Json.Nodes;

namespace Tests.Faults.Search;

/// <summary>A search finds the same points, stops the same trials and has the same digest on any number of silos, whatever is killed.</summary>
public sealed class SearchTests
{
    /// <summary>
    /// The pairs of sampler and scheduler that are run over real processes: the first two always, all of them in the soak. The unit tests
    /// play every pair.
    /// </summary>
    public static readonly string[] Pairs =
    [
        "{sampler: auto, scheduler: asha, trials: 40, min_epochs: 1}",
        "{sampler: random, scheduler: hyperband, trials: 120, min_epochs: 1}",
        "{sampler: tpe, scheduler: full, trials: 30}",
        "{sampler: gp, scheduler: median, trials: 25, min_epochs: 1}",
        "{sampler: cma_es, scheduler: patience, trials: 25}",
        "{sampler: sobol, scheduler: halving, trials: 30, min_epochs: 1}",
        "{sampler: random, scheduler: screening, trials: 30, min_epochs: 1}",
    ];

    [Fact]
    public Task OneSiloAndThreeThatAreKilledGiveOneDigest() => GiveOneDigest(Pairs[..2]);

    internal static async Task GiveOneDigest(string[] pairs)
    {
        var calm = new Dictionary<string, (string Digest, string Decisions)>();
        await using (var cluster = await LocalCluster.Up(silos: 1))
            foreach (string pair in pairs) calm[pair] = await Outcome(cluster, await Run(cluster, pair));

        await using var struck = await LocalCluster.Up(silos: 3);
        var ids = new Dictionary<string, string>();
        foreach (string pair in pairs)
        {
            int[] silos = [.. (await struck.Json("cluster", "status"))["silos"]!.AsArray().Select(s => s!["pid"]!.GetValue<int>())];
            ids[pair] = await struck.Submit(RecordedFolder.Write(struck, pair), "--no-reuse");
            // Again and again all silos are killed while the last of the searches has hardly begun, and with them every coordinator.
            if (Array.IndexOf(pairs, pair) % 3 == 1) await KillAll(struck, silos);
        }
        foreach (string pair in pairs)
        {
            await struck.Ended(ids[pair]);
            Assert.Equal(calm[pair], await Outcome(struck, ids[pair]));
        }
        Assert.True(struck.Ask("SELECT COUNT(*) FROM sweep WHERE term > 1") > 0, "No coordinator was struck.");
        await struck.Journal("the dead are given up", "SELECT COUNT(*) FROM attempt WHERE ended IS NULL", n => n == 0);
    }

    [Fact]
    public async Task SearchThatIsPausedExtendedAndGoesOnEqualsAFreshOne()
    {
        await using var cluster = await LocalCluster.Up(silos: 2);
        string id = await cluster.Submit(RecordedFolder.Write(cluster, "{sampler: sobol, scheduler: asha, trials: 15, min_epochs: 1}"));
        await cluster.Journal("the search is under way", $"SELECT COUNT(*) FROM trial WHERE sweep = '{id}'", n => n > 3);
        var paused = await cluster.Run("pause", id);
        if (paused.ExitCode == 0) (await cluster.Run("resume", id)).Exits(0);
        await cluster.Ended(id);
        (await cluster.Run("extend", id, "--trials", "30")).Exits(0);
        (await cluster.Run("watch", id)).Exits(0);

        string fresh = await Run(cluster, "{sampler: sobol, scheduler: asha, trials: 30, min_epochs: 1}");
        // A trial that stays stopped keeps the account of its place among those that were there then.
        Assert.Equal((await Outcome(cluster, fresh)).Digest, (await Outcome(cluster, id)).Digest);
        Assert.Contains("--epochs", (await cluster.Run("extend", id, "--epochs", "40")).Exits(2).Errors, StringComparison.Ordinal);
        string blocks = await Run(cluster, "{sampler: random, scheduler: hyperband, trials: 10, min_epochs: 1}");
        Assert.Contains("hyperband", (await cluster.Run("extend", blocks, "--trials", "20")).Exits(2).Errors, StringComparison.Ordinal);
        await cluster.IsWell();
    }

    [Fact]
    public async Task SearchOverReplicatesOfRealTrainingsStopsPointsAsAWhole()
    {
        await using var cluster = await LocalCluster.Up(silos: 2);
        string file = cluster.Write("real.yaml", """
            name: real
            data: {source: xray-phantom, train: 150, validation: 60, test: 60}
            model: {hidden: [16]}
            training: {batch_size: 16, epochs: 6}
            parameters:
              kind: {values: [dense, cnn]}
              filters: {values: [[2], [4]], when: {kind: cnn}}
              learning_rate: {min: 1e-5, max: 1, log: true}
            search: {sampler: auto, scheduler: asha, trials: 9, min_epochs: 1, parallelism: 4, startup: 4}
            replicates: 2
            """);
        var results = await cluster.ResultsOf(file);
        var trials = results["trials"]!.AsArray();
        Assert.Equal(18, trials.Count);
        Assert.All(trials.Chunk(2), pair => Assert.True(
            pair[0]!["measurements"]!.AsArray().Count == pair[1]!["measurements"]!.AsArray().Count
                || pair.Any(t => t!["state"]!.GetValue<string>() == "Failed"), $"{pair[0]} {pair[1]}"));
        Assert.Contains(trials, t => t!["state"]!.GetValue<string>() == "Completed");
        Assert.Contains(trials, t => t!["state"]!.GetValue<string>() == "Stopped"
            && t["reason"]!.GetValue<string>().StartsWith("After ", StringComparison.Ordinal));
        Assert.Matches("^[0-9a-f]{64}$", results["sweep"]!["digest"]!.GetValue<string>());
        string stopped = $"{trials.First(t => t!["state"]!.GetValue<string>() == "Stopped")!["number"]}";
        string id = results["sweep"]!["id"]!.GetValue<string>();
        // Its weights of the rung at which it was stopped are kept, as a completed trial's are.
        (await cluster.Run("checkpoint", "export", id, "--trial", stopped, "-o", cluster.PathOf("stopped.safetensors"))).Exits(0);
        await cluster.IsWell();
    }

    [Fact]
    public async Task SearchGoesOnWhereOneReplicateDivergesOrIsLost()
    {
        await using var cluster = await LocalCluster.Up(silos: 2);
        cluster.Write("run.sh", """
            e=${SWEEP_FROM_EPOCH}
            while [ $e -lt $SWEEP_EPOCHS ]; do
                e=$((e + 1))
                loss=0.$((9 - e))$1
                if [ $SWEEP_REPLICATE = 1 ] && [ $e = 2 ] && [ $2 = nan ]; then loss=NaN; fi
                if [ $SWEEP_REPLICATE = 1 ] && [ $e = 2 ] && [ $2 = exit ]; then exit 3; fi
                echo "{\"epoch\": $e, \"loss\": $loss}" >> $SWEEP_METRICS
            done
            echo $e > $SWEEP_CHECKPOINT/state
            """);
        string id = await cluster.Submit(cluster.Write("two.yaml", """
            name: two
            program: {run: [sh, run.sh, "{rank}", "{fate}"], files: [run.sh], metrics: {loss: minimize}, epochs: 4, repeatable: true}
            parameters:
              rank: {values: [1, 2, 3]}
              fate: {values: [well, nan, exit]}
            search: {sampler: grid, scheduler: median, min_epochs: 2, reduction: 2}
            replicates: 2
            """));
        await cluster.Ended(id);
        var results = await cluster.Json("results", id);
        var trials = results["trials"]!.AsArray();
        Assert.Equal("Completed", results["sweep"]!["state"]!.GetValue<string>());
        Assert.Null(results["sweep"]!["digest"]);
        string[] Of(string fate, int replicate) => [.. trials.Where(t => t!["parameters"]!["fate"]!.GetValue<string>() == fate
            && t["replicate"]!.GetValue<int>() == replicate).Select(t => t!["state"]!.GetValue<string>())];
        Assert.All([.. Of("nan", 1), .. Of("exit", 1)], state => Assert.Equal("Failed", state));
        Assert.All(Of("nan", 2), state => Assert.Equal("Stopped", state));
        Assert.All([.. Of("well", 1), .. Of("well", 2), .. Of("exit", 2)], state => Assert.Contains(state, (string[])["Completed", "Stopped"]));
        Assert.Contains("Completed", Of("exit", 2));
    }

    private static async Task KillAll(LocalCluster cluster, int[] pids)
    {
        foreach (int pid in pids) Processes.Kill(pid);
        string dead = string.Join(", ", pids);
        await cluster.Journal("the supervisor has started all of them again", $"SELECT COUNT(*) FROM silo WHERE pid NOT IN ({dead})", n => n == 3);
    }

    private static async Task<string> Run(LocalCluster cluster, string search)
    {
        string id = await cluster.Submit(RecordedFolder.Write(cluster, search), "--no-reuse");
        (await cluster.Run("watch", id)).Exits(0);
        return id;
    }

    private static async Task<(string Digest, string Decisions)> Outcome(LocalCluster cluster, string id)
    {
        var results = await cluster.Json("results", id);
        return (DigestTests.Digest(results), string.Join('\n', results["trials"]!.AsArray().Select(Decision)));
    }

    private static string Decision(JsonNode? trial) =>
        $"{trial!["number"]} {trial["parameters"]!.ToJsonString()} {trial["state"]} {trial["measurements"]!.AsArray().Count} {trial["reason"]}";
}
