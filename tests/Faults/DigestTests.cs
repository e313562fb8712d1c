using System.Text.Json.Nodes;

namespace Tests.Faults;

/// <summary>The same question gets the same bytes on other numbers of silos, and when they are killed in the middle.</summary>
public sealed class DigestTests(DigestTests.CalmRun calm) : IClassFixture<DigestTests.CalmRun>
{
    private const string StateOfAnUnfinishedTraining =
        "SELECT COUNT(*) FROM checkpoint c JOIN demand d ON d.recipe = c.recipe WHERE c.kind = 'state' AND c.epoch < d.epochs";

    /// <summary>Runs the sweep on one silo with two slots, undisturbed.</summary>
    public sealed class CalmRun : IAsyncLifetime
    {
        internal JsonNode Results { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await using var cluster = await LocalCluster.Up(silos: 1, slots: 2);
            Results = await cluster.ResultsOf(cluster.Write("long.yaml", Sweeps.Long));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ThreeSilosOfWhichOneIsKilledInMidSweepGiveTheBytesOfOneSiloWithTwoSlots()
    {
        await using var cluster = await LocalCluster.Up(silos: 3);
        string sweep = await cluster.Submit(cluster.Write("long.yaml", Sweeps.Long));
        await cluster.Journal("a training that goes on has a checkpoint", StateOfAnUnfinishedTraining, n => n > 0);
        string busy = cluster.Text("SELECT silo FROM attempt WHERE ended IS NULL LIMIT 1");
        var silos = (await cluster.Json("cluster", "status"))["silos"]!.AsArray();
        Processes.Kill(silos.Single(s => s!["name"]!.GetValue<string>() == busy)!["pid"]!.GetValue<int>());

        (await cluster.Run("watch", sweep)).Exits(0);
        SameAsCalm(await cluster.Json("results", sweep));
        Assert.True(cluster.Ask("SELECT COUNT(*) FROM attempt WHERE outcome = 'Lost'") > 0, "No attempt was cut off by the kill.");
        await cluster.IsWell();
    }

    [Fact]
    public async Task SweepGoesOnByItselfAfterEverythingWasKilled()
    {
        await using var cluster = await LocalCluster.Up(silos: 3);
        string sweep = await cluster.Submit(cluster.Write("long.yaml", Sweeps.Long));
        await cluster.Journal("a training that goes on has a checkpoint", StateOfAnUnfinishedTraining, n => n > 0);
        // The supervisor is killed first, or it would start silos anew.
        foreach (var (pid, _) in Processes.With(cluster.Home)
            .OrderByDescending(p => p.Command.Contains(" supervise ", StringComparison.Ordinal))) Processes.Kill(pid);
        await cluster.NothingRuns();
        Assert.Equal(0, cluster.Ask("SELECT COUNT(*) FROM sweep WHERE ended IS NOT NULL"));

        (await cluster.Run("cluster", "up")).Exits(0);
        await cluster.Ended(sweep);
        SameAsCalm(await cluster.Json("results", sweep));
        Assert.True(cluster.Ask("SELECT COUNT(*) FROM attempt WHERE outcome = 'Lost'") > 0, "No attempt was cut off by the kill.");
        Assert.True(cluster.Ask("SELECT COUNT(*) FROM attempt WHERE from_epoch > 0") > 0, "No attempt went on from a checkpoint.");
        await cluster.IsWell();
    }

    private void SameAsCalm(JsonNode results)
    {
        Assert.Equal(Digest(calm.Results), Digest(results));
        foreach (string property in (string[])["initialCheckpoint", "finalCheckpoint", "recipe", "objective", "bestEpoch"])
            Assert.Equal(OfTrials(calm.Results, property), OfTrials(results, property));
    }

    internal static string Digest(JsonNode results)
    {
        string? digest = results["sweep"]!["digest"]?.GetValue<string>();
        Assert.Matches("^[0-9a-f]{64}$", digest);
        return digest!;
    }

    private static IEnumerable<string?> OfTrials(JsonNode results, string property) =>
        results["trials"]!.AsArray().Select(t => t![property]?.ToJsonString());
}
