using System.Text.Json.Nodes;

namespace Tests.Cluster.Reuse;

/// <summary>
/// An epoch that was trained is not trained again, and nobody can tell from the numbers. Every test has a seed of its own, so that none
/// profits from another.
/// </summary>
public sealed class NoEpochTwiceTests(LocalCluster cluster) : IClassFixture<LocalCluster>
{
    [Fact]
    public async Task ASweepThatIsSubmittedAgainTrainsNothing()
    {
        string spec = Spec(seed: 101, rates: "1e-3, 1e-2", epochs: "2, 3");
        var first = await cluster.Run(spec);
        // Two rates are trained to epoch 3, and 2 is a prefix.
        Assert.Equal(6, Trained(first));
        Assert.Equal(0, (int?)(await cluster.Preview(spec))["epochsToTrain"]);

        var again = await cluster.Run(spec);
        Assert.Equal(0, Trained(again));
        Assert.Equal(Digest(first), Digest(again));
        Assert.All(again["trials"]!.AsArray(), t => Assert.Equal($$"""[{"from":1,"to":{{t!["epochs"]}}}]""", t["reused"]!.ToJsonString()));
    }

    [Fact]
    public async Task BudgetsOfOnePointAreTrainedOnceAndEqualTrainingEachForItself()
    {
        string spec = Spec(seed: 102, rates: "1e-3, 1e-2", epochs: "3, 6, 9");
        var shared = await cluster.Run(spec);
        Assert.Equal(36, (int?)shared["sweep"]!["epochsAsked"]);
        Assert.Equal(2 * 9, Trained(shared));

        var alone = await cluster.Run(spec, "--no-reuse");
        Assert.Equal(36, Trained(alone));
        Assert.All(alone["trials"]!.AsArray(), t => Assert.Empty(t!["reused"]!.AsArray()));
        Assert.Equal(Digest(shared), Digest(alone));
        Assert.Equal(Recipes(shared), Recipes(alone));
    }

    [Fact]
    public async Task WithAValueAddedOnlyTheNewTrialsTrain()
    {
        await cluster.Run(Spec(seed: 103, rates: "1e-3", epochs: "2"));
        var grown = await cluster.Run(Spec(seed: 103, rates: "1e-3, 1e-2", epochs: "2"));
        Assert.Equal(2, Trained(grown));
        Assert.Equal(["""[{"from":1,"to":2}]""", "[]"], grown["trials"]!.AsArray().Select(t => t!["reused"]!.ToJsonString()));
    }

    [Fact]
    public async Task AHigherBudgetGoesOnFromTheLower()
    {
        await cluster.Run(Spec(seed: 104, rates: "1e-3", epochs: "2"));
        string longer = Spec(seed: 104, rates: "1e-3", epochs: "5");
        Assert.Equal(3, (int?)(await cluster.Preview(longer))["epochsToTrain"]);
        var extended = await cluster.Run(longer);
        Assert.Equal(3, Trained(extended));
        Assert.Equal(Digest(extended), Digest(await cluster.Run(longer, "--no-reuse")));
    }

    [Fact]
    public async Task TwoSweepsTogetherTrainTheCommonHalfOnce()
    {
        string one = await cluster.Submit(Spec(seed: 105, rates: "1e-3, 1e-2", epochs: "20"));
        string other = await cluster.Submit(Spec(seed: 105, rates: "1e-2, 1e-1", epochs: "20"));
        await cluster.Sweep("watch", one);
        await cluster.Sweep("watch", other);
        Assert.Equal(3 * 20, Trained(await cluster.Results(one)) + Trained(await cluster.Results(other)));
    }

    [Fact]
    public async Task DamagedAndPrunedWeightsAreTrainedAgainToTheSameBits()
    {
        string spec = Spec(seed: 106, rates: "1e-3", epochs: "2");
        var first = await cluster.Run(spec);
        string final = (string)first["trials"]![0]!["finalCheckpoint"]!,
            file = Path.Combine(cluster.Checkpoints, final[..2], $"{final[2..]}.safetensors");
        await File.AppendAllTextAsync(file, "x");
        var repaired = await cluster.Run(spec);
        Assert.Equal(2, Trained(repaired));
        Assert.Equal(Digest(first), Digest(repaired));

        await File.AppendAllTextAsync(file, "x");
        Assert.Contains(final, await cluster.Sweep("cache", "verify"), StringComparison.Ordinal);
        Assert.Equal(Digest(first), Digest(await cluster.Run(spec)));

        await cluster.Sweep("cache", "prune", "--cache-size", "0");
        Assert.Equal(0, (int?)JsonNode.Parse(await cluster.Sweep("cache", "status", "--format", "json"))!["trainings"]);
        Assert.Equal(Digest(first), Digest(await cluster.Results((string)first["sweep"]!["id"]!)));
        var pruned = await cluster.Run(spec);
        Assert.Equal(2, Trained(pruned));
        Assert.Equal(Digest(first), Digest(pruned));
    }

    [Fact]
    public async Task AForkGoesOnFromTheMiddleOfItsParent()
    {
        var parent = await cluster.Run(Spec(seed: 107, rates: "1e-3", epochs: "2, 4"));
        string id = (string)parent["sweep"]!["id"]!;
        string fork = (await cluster.Sweep("fork", id, "--trial", "2", "--at", "2", "--set", "learning_rate=1e-1",
            "--watch")).Split('\n')[0].Trim();
        var forked = await cluster.Results(fork);
        Assert.Equal(2, Trained(forked));
        var (one, other) = (parent["trials"]![1]!, forked["trials"]![0]!);
        Assert.Equal("""[{"from":1,"to":2}]""", other["reused"]!.ToJsonString());
        Assert.Equal(one["measurements"]![1]!.ToJsonString(), other["measurements"]![1]!.ToJsonString());
        Assert.NotEqual((double?)one["measurements"]![2]!["metrics"]!["train_loss"], (double?)other["measurements"]![2]!["metrics"]!["train_loss"]);
        Assert.Equal((string?)one["recipe"],
            (string?)JsonNode.Parse(await cluster.Sweep("trials", fork, "--format", "json"))![0]!["fork"]!["parent"]);
    }

    private static string Spec(int seed, string rates, string epochs) =>
        $$"""
        name: reuse
        seed: {{seed}}
        data: {source: xray-phantom, train: 200, validation: 50, test: 50}
        model: {hidden: [8]}
        parameters:
          learning_rate: {values: [{{rates}}]}
          epochs: {values: [{{epochs}}]}
        """;

    private static int? Trained(JsonNode results) => (int?)results["sweep"]!["epochsTrained"];

    private static string Digest(JsonNode results)
    {
        string? digest = (string?)results["sweep"]!["digest"];
        Assert.NotNull(digest);
        return digest;
    }

    private static IEnumerable<string?> Recipes(JsonNode results) => results["trials"]!.AsArray().Select(t => (string?)t!["recipe"]);
}
