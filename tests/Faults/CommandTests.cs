using System.Text.Json.Nodes;

namespace Tests.Faults;

/// <summary>Runs verbs that need no cluster, and shows what the others say when there is none.</summary>
public sealed class CommandTests
{
    public static TheoryData<string> Examples =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "deploy", "sweeps"), "*.yaml").Select(f => Path.GetFileName(f)).Order()];

    [Theory, MemberData(nameof(Examples))]
    public async Task ExampleCanBeValidatedPreviewedAndDescribedWithoutACluster(string file)
    {
        await using var place = LocalCluster.Down();
        string path = Path.Combine(Repository.Root, "deploy", "sweeps", file);
        Assert.Contains("is valid", (await place.Run("validate", path)).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("trials", (await place.Run("preview", path)).Exits(0).Output, StringComparison.Ordinal);
        Assert.Contains("parameters", (await place.Run("describe", path)).Exits(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MistakesOfAFileAreNamedByLineAndColumnBeforeAClusterIsAsked()
    {
        await using var place = LocalCluster.Down();
        string file = place.Write("broken.yaml", """
            name: broken
            data: {source: xray-phantom}
            model:
              dropout: 1.5
            training:
              epoch: 3
            """);
        foreach (string verb in (string[])["submit", "validate", "preview", "describe"])
        {
            var outcome = (await place.Run(verb, file)).Exits(2);
            string said = outcome.Output + outcome.Errors;
            Assert.Contains("broken.yaml:4:12", said, StringComparison.Ordinal);
            Assert.Contains("1.5", said, StringComparison.Ordinal);
            Assert.Contains("broken.yaml:6:3", said, StringComparison.Ordinal);
            Assert.Contains("epochs", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task FileThatIsNotThereIsBadInput()
    {
        await using var place = LocalCluster.Down();
        Assert.Contains("nowhere.yaml", (await place.Run("submit", "nowhere.yaml")).Exits(2).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAClusterEveryVerbThatNeedsOneSaysSo()
    {
        await using var place = LocalCluster.Down();
        string file = place.Write("small.yaml", Sweeps.Small);
        foreach (string[] verb in (string[][])[["submit", file], ["list"], ["results", "last"], ["cluster", "status"]])
        {
            var outcome = (await place.Run(verb)).Exits(3);
            Assert.Contains("no cluster reachable", outcome.Errors, StringComparison.Ordinal);
            Assert.Contains("sweep cluster up", outcome.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ClustersOfTwoHomesRunSideBySide()
    {
        await using var one = await LocalCluster.Up(silos: 1);
        await using var other = await LocalCluster.Up(silos: 1);
        string ours = await one.Submit(one.Write("small.yaml", Sweeps.Small));
        Assert.Empty((await other.Json("list")).AsArray());
        JsonNode theirs = await other.ResultsOf(other.Write("small.yaml", Sweeps.Small));
        (await one.Run("watch", ours)).Exits(0);
        Assert.Equal((await one.Json("results", ours))["sweep"]!["digest"]!.GetValue<string>(),
            theirs["sweep"]!["digest"]!.GetValue<string>());

        (await one.Run("cluster", "down")).Exits(0);
        Assert.Single((await other.Json("cluster", "status"))["silos"]!.AsArray());
    }
}
