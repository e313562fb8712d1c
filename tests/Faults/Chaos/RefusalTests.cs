using System.Text.Json.Nodes;

namespace Tests.Faults.Chaos;

/// <summary>Chaos strikes only what the home has started and its supervisor starts again.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task SilosThatNobodyRestartsAreNotStruck()
    {
        await using var cluster = await LocalCluster.Up(silos: 1, supervised: false);
        await Refused(cluster, "they have no supervisor");
    }

    [Fact]
    public async Task SilosThatAnotherHasStartedAreNotStruck()
    {
        await using var cluster = await LocalCluster.Up(silos: 2);
        // The file looks as if silo-2 had joined from elsewhere.
        string file = Path.Combine(cluster.Home, "cluster.json"),
            before = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var state = JsonNode.Parse(before)!;
        state["silos"]!.AsArray().RemoveAt(1);
        await File.WriteAllTextAsync(file, state.ToJsonString(), TestContext.Current.CancellationToken);
        await Refused(cluster, "silo-2");
        await File.WriteAllTextAsync(file, before, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task FaultsWithoutASeedAreRefusedBeforeAClusterIsAsked()
    {
        await using var place = LocalCluster.Down();
        var said = (await place.Run("submit", place.Write("small.yaml", Sweeps.Small), "--faults", "3")).Exits(2);
        Assert.Contains("--chaos SEED", said.Errors, StringComparison.Ordinal);
    }

    private static async Task Refused(LocalCluster cluster, string why)
    {
        var said = (await cluster.Run("submit", cluster.Write("small.yaml", Sweeps.Small), "--chaos", "1")).Exits(2);
        Assert.Contains("--chaos", said.Errors, StringComparison.Ordinal);
        Assert.Contains(why, said.Errors, StringComparison.Ordinal);
        Assert.Empty((await cluster.Json("list")).AsArray());
    }
}
