using Grains.Hosting;

namespace Tests.Faults.Chaos;

/// <summary>
/// The evidence that the other tests rest on can fail. The same claims are made over silos that break a promise on purpose
/// (Grains/Sabotage.cs). Each breach is seen by the claim that is there for it.
/// </summary>
public sealed class SabotageTests(DigestTests.CalmRun calm) : IClassFixture<DigestTests.CalmRun>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("moments", "digest: ")]
    [InlineData("restart", "resumed: ")]
    public async Task ASiloIsKilledUnderATraining(string sabotage, string claim)
    {
        Soak.Only();
        await using var cluster = await LocalCluster.Up(silos: 2, sabotage: sabotage);
        string sweep = await cluster.Submit(cluster.Write("long.yaml", Sweeps.LongOf(epochs: 40)));
        var (_, _, silo) = await Checkpointed(cluster);
        Processes.Kill(await cluster.PidOf(silo));
        await cluster.Ended(sweep);
        Judge(await Evidence.Of(cluster, sweep), claim);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("fence", "stale: ")]
    public async Task ASiloIsStoppedUntilItsTrainingIsFurtherElsewhere(string? sabotage, string? claim)
    {
        Soak.Only();
        await using var cluster = await LocalCluster.Up(silos: 2, supervised: false, sabotage: sabotage);
        string sweep = await cluster.Submit(cluster.Write("long.yaml", Sweeps.LongOf(epochs: 40)));
        var (recipe, attempt, silo) = await Checkpointed(cluster);
        int pid = await cluster.PidOf(silo);
        await LateWrite.StopWithAMeasurement(cluster, pid, Patience);
        long epoch = cluster.Ask($"SELECT MAX(epoch) FROM measurement WHERE recipe = '{recipe}'");
        await cluster.Journal("another attempt has got further",
            $"SELECT COUNT(*) FROM measurement WHERE recipe = '{recipe}' AND attempt > {attempt} AND epoch > {epoch}", n => n > 0);
        Processes.Continue(pid);
        if (sabotage is null)
        {
            await Eventually.Holds("the stopped silo's late write was refused", Patience,
                () => cluster.Logged("the journal's fence refused its late write") > 0 ? null : cluster.Logs());
        }
        await cluster.Ended(sweep);
        // The silo may have left the cluster that had taken it for dead.
        (await cluster.Run("cluster", "up", "--no-supervisor")).Exits(0);
        Judge(await Evidence.Of(cluster, sweep), claim);
    }

    private void Judge(Evidence evidence, string? claim)
    {
        var broken = evidence.Against(DigestTests.Digest(calm.Results), resumed: 1);
        if (claim is null) Assert.Empty(broken);
        else Assert.Contains(broken, b => b.StartsWith(claim, StringComparison.Ordinal));
    }

    /// <summary>Finds an attempt under way whose training has a checkpoint that it would go on from.</summary>
    private static async Task<(string Recipe, string Attempt, string Silo)> Checkpointed(LocalCluster cluster)
    {
        const string Which = "attempt a WHERE a.ended IS NULL AND EXISTS (SELECT 1 FROM checkpoint c WHERE c.recipe = " +
            "a.recipe AND c.kind = 'state')";
        await cluster.Journal("a training that goes on has a checkpoint", $"SELECT COUNT(*) FROM {Which}", n => n > 0);
        string[] found = cluster.Text($"SELECT a.recipe || ' ' || a.attempt || ' ' || a.silo FROM {Which} LIMIT 1").Split(' ');
        return (found[0], found[1], found[2]);
    }
}
