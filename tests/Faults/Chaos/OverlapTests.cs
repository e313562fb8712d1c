using System.Text.Json.Nodes;

namespace Tests.Faults.Chaos;

/// <summary>
/// Two sweeps that share half of their trainings run at the same time, and a fault strikes in the middle of a shared one.
/// </summary>
public sealed class OverlapTests
{
    [Fact]
    public async Task TheCommonHalfIsTrainedOnceAlsoWhenItsSiloIsKilled()
    {
        Soak.Only();
        await using var cluster = await LocalCluster.Up(silos: 3);
        string left = cluster.Write("left.yaml", Spec("1e-3, 2e-3, 3e-3, 4e-3")),
            right = cluster.Write("right.yaml", Spec("3e-3, 4e-3, 5e-3, 6e-3"));
        string one = await cluster.Submit(left), other = await cluster.Submit(right);
        string common = $"(SELECT recipe FROM trial WHERE sweep = '{one}' INTERSECT SELECT recipe FROM trial WHERE sweep = '{other}')";

        // A shared training is under way and beyond its first checkpoint.
        string running = $"FROM attempt a WHERE a.ended IS NULL AND a.recipe IN {common} AND EXISTS "
            + "(SELECT * FROM checkpoint c JOIN measurement m ON m.recipe = c.recipe WHERE c.recipe = a.recipe AND c.kind = 'state' "
            + "AND m.epoch > c.epoch)";
        await cluster.Journal("a shared training is under way and has a checkpoint", $"SELECT COUNT(*) {running}", n => n > 0);
        string silo = cluster.Text($"SELECT silo {running} LIMIT 1");
        var struck = (await cluster.Json("cluster", "status"))["silos"]!.AsArray().Single(s => s!["name"]!.GetValue<string>() == silo)!;
        Processes.Kill(struck["pid"]!.GetValue<int>());

        (await cluster.Run("watch", one)).Exits(0);
        (await cluster.Run("watch", other)).Exits(0);
        Assert.True(cluster.Ask($"SELECT COUNT(*) FROM attempt WHERE silo = '{silo}' AND outcome = 'Lost' AND recipe IN {common}") > 0,
            "No shared training was struck.");
        // A shared epoch is asked for by both and trained by one at a time. Only epochs after the last checkpoint are trained again.
        Assert.Equal(0, cluster.Ask("SELECT COUNT(*) FROM attempt a JOIN attempt b ON a.recipe = b.recipe AND a.attempt < b.attempt " +
            $"AND a.ended > b.started WHERE a.recipe IN {common}"));
        Assert.Equal(0, cluster.Ask("SELECT COUNT(*) FROM trained_epoch t " +
            "JOIN attempt a ON a.recipe = t.recipe AND a.attempt = t.attempt WHERE t.epoch <= a.from_epoch"));
        Assert.True(cluster.Ask($"SELECT COUNT(*) FROM attempt WHERE attempt > 1 AND from_epoch > 0 AND recipe IN {common}") > 0,
            "The struck training began again from nothing.");
        Assert.Equal(6 * Epochs, cluster.Ask("SELECT COUNT(*) FROM (SELECT DISTINCT recipe, epoch FROM trained_epoch)"));

        await cluster.IsWell();

        (await cluster.Run("submit", left, "--no-reuse", "--watch")).Exits(0);
        Assert.Equal(Digest(await cluster.Json("results", "last")), Digest(await cluster.Json("results", one)));
    }

    private const int Epochs = 14;

    private static string Spec(string rates) => $$"""
        name: overlap
        data: {source: xray-phantom, train: 800, validation: 60, test: 60}
        model: {kind: cnn, filters: [8, 16, 16], dense: [16], dropout: 0.1, batch_norm: true}
        training: {batch_size: 32, epochs: {{Epochs}}}
        parameters:
          learning_rate: {values: [{{rates}}]}
        """;

    private static string Digest(JsonNode results) =>
        (string?)results["sweep"]!["digest"] ?? throw new InvalidOperationException("The sweep has no digest.");
}
