namespace Tests.Faults.Silos;

/// <summary>Meets recipes that other code made, as after a change of release.</summary>
public sealed class OtherCodeTests
{
    private const int Looks = 60;

    [Fact]
    public async Task TrainingsOfCodeThatNoSiloHasWaitWithTheRemedyAndThoseOfTheLastReleaseGoOn()
    {
        await using var cluster = await LocalCluster.Up(silos: 1);
        string file = cluster.Write("code.yaml", Sweeps.LongOf(epochs: 12)),
            sweep = await cluster.Submit(file);
        await cluster.Journal("epochs are kept", "SELECT COUNT(*) FROM measurement", n => n >= 2);
        (await cluster.Run("cluster", "down")).Exits(0);
        string path = cluster.Text("SELECT DISTINCT json_extract(json, '$.numeric_path') FROM training");
        Rename(cluster, path, path.Replace("loop:1", "loop:99", StringComparison.Ordinal));
        (await cluster.Run("cluster", "up")).Exits(0);

        const string Obstacle = "no silo can train this: the recipe needs loop:99, and silo-1 has loop:1; " +
            "start a silo of that version, or submit the sweep again";
        string notes = "";
        for (int look = 0; look < Looks && !notes.Contains(Obstacle, StringComparison.Ordinal); look++)
            notes = (await cluster.Run("status", sweep, "--format", "json")).Exits(0).Output;
        Assert.Contains($"trainings wait: {Obstacle}.", notes, StringComparison.Ordinal);
        Assert.Contains($"waits: {Obstacle}", (await cluster.Run("doctor")).Exits(0).Output, StringComparison.Ordinal);
        Assert.Equal(0, cluster.Ask("SELECT COUNT(*) FROM failure"));
        Assert.Equal(0, cluster.Ask("SELECT COUNT(*) FROM attempt WHERE ended IS NULL"));

        // Others are not in its way: the same sweep with trainings of its own ends.
        string calm = (await cluster.Json("submit", file, "--no-reuse"))["id"]!.GetValue<string>();
        await cluster.Ended(calm);
        (await cluster.Run("cluster", "down")).Exits(0);
        Rename(cluster, path.Replace("loop:1", "loop:99", StringComparison.Ordinal), "027596d00df25e06/threads=1/path=explicit");
        (await cluster.Run("cluster", "up")).Exits(0);
        await cluster.Ended(sweep);
        Assert.Equal(await Digest(cluster, calm), await Digest(cluster, sweep));
    }

    private static async Task<string> Digest(LocalCluster cluster, string sweep) =>
        (await cluster.Json("results", sweep))["sweep"]!["digest"]!.GetValue<string>();

    private static void Rename(LocalCluster cluster, string from, string to) => Assert.Equal(4,
        cluster.Ask($"UPDATE training SET json = replace(json, '{from}', '{to}') WHERE json LIKE '%{from}%'; SELECT changes()"));
}
