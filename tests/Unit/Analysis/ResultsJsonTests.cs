using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Grains.Analysis;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;

namespace Tests.Unit.Analysis;

/// <summary>Checks the contract of docs/results-json.md, because scripts of others read these names.</summary>
public sealed class ResultsJsonTests
{
    [Fact]
    public void ThePropertyNamesAreTheContract()
    {
        var json = Written(Facts.Sweep());
        Assert.Equal(["version", "sweep", "metrics", "configurations", "trials"], Names(json));
        Assert.Equal(["id", "name", "state", "reason", "digest", "objective", "epochsAsked", "epochsTrained",
            "notes", "repeats"], Names(json["sweep"]));
        Assert.Equal(["metric", "goal", "at"], Names(json["sweep"]!["objective"]));
        Assert.Equal(
            ["name", "parameters", "epochs", "trials", "completed", "mean", "deviation", "best", "median", "low", "high",
                "reported", "parameterCount", "seconds"],
            Names(json["configurations"]![0]));
        Assert.Equal(
            ["number", "name", "parameters", "replicate", "state", "reason", "failure", "epochs", "bestEpoch", "objective", "measurements",
             "initialCheckpoint", "finalCheckpoint", "recipe", "silo", "attempt", "seconds", "parameterCount", "reused"],
            Names(json["trials"]![0]));
        Assert.Equal(
            ["epoch", "metrics", "seconds"],
            Names(json["trials"]![0]!["measurements"]![0]));
        Assert.Equal(
            ["train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy", "penalty"],
            Names(json["trials"]![0]!["measurements"]![0]!["metrics"]));
        Assert.Equal(["mean", "deviation"], Names(json["configurations"]![0]!["reported"]!["test_accuracy"]));
        Assert.Equal(["name", "split", "form", "goal", "unit", "meaning", "reported"], Names(json["metrics"]![0]));
    }

    [Fact]
    public void EnumsAreNames()
    {
        var json = Written(Facts.Sweep().WithFirst(t => t with { State = TrialState.Failed, Failure = FailureClass.Diverged }));
        Assert.Equal("Completed", (string?)json["sweep"]!["state"]);
        Assert.Equal("""{"metric":"validation_accuracy","goal":"maximize","at":"best"}""", json["sweep"]!["objective"]!.ToJsonString());
        Assert.Equal("Failed", (string?)json["trials"]![0]!["state"]);
        Assert.Equal("Diverged", (string?)json["trials"]![0]!["failure"]);
    }

    [Fact]
    public void ParametersKeepTheirNamesAndTheirTypes()
    {
        var parameters = ImmutableSortedDictionary<string, SettingValue>.Empty
            .Add("batch_norm", new BooleanValue(true)).Add("batch_size", new NumberValue(64)).Add("hidden", new ListValue([300, 150]))
            .Add("learning_rate", new NumberValue(1e-5)).Add("optimizer", new TextValue("adam"));
        var json = Written(Facts.Sweep().WithFirst(t => t with { Parameters = parameters }));
        Assert.Equal(
            """{"batch_norm":true,"batch_size":64,"hidden":[300,150],"learning_rate":1E-05,"optimizer":"adam"}""",
            json["trials"]![0]!["parameters"]!.ToJsonString());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void NoNumberIsWrittenAsNull(double loss)
    {
        var bad = new SplitResult(loss, 25, 100);
        var json = Written(Facts.Sweep()
            .WithFirst(t => t.AtEpoch(3, m => m with { Train = bad, Validation = bad, Test = bad, Penalty = loss })));
        var epoch = json["trials"]![0]!["measurements"]![2]!["metrics"]!.AsObject();
        foreach (string name in new[] { "train_loss", "validation_loss", "test_loss", "penalty" })
        {
            Assert.True(epoch.ContainsKey(name));
            Assert.Null(epoch[name]);
        }
        Assert.Equal(0.25, (double?)epoch["validation_accuracy"]);
        Assert.NotNull(json["trials"]![0]!["reason"]);
    }

    [Fact]
    public void TheDigestIsNullAndPresentWhileASweepRuns()
    {
        var sweep = Written(Facts.Sweep().WithFirst(t => t with
        {
            State = TrialState.Running,
            FinalCheckpoint = null,
        }))["sweep"]!.AsObject();
        Assert.True(sweep.ContainsKey("digest"));
        Assert.Null(sweep["digest"]);
    }

    [Fact]
    public void EpochsThatWereMadeForAnotherTrialAreNamedAsRanges()
    {
        var json = Written(Facts.Sweep().WithFirst(t => t with { Trained = [2] }));
        Assert.Equal("""[{"from":1,"to":1},{"from":3,"to":3}]""", json["trials"]![0]!["reused"]!.ToJsonString());
        Assert.Equal("""[{"from":1,"to":3}]""", json["trials"]![1]!["reused"]!.ToJsonString());
        Assert.Equal(12, (int?)json["sweep"]!["epochsAsked"]);
        Assert.Equal(1, (int?)json["sweep"]!["epochsTrained"]);
    }

    [Fact]
    public void TheDocumentsExampleHasTheSameProperties()
    {
        string text = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "results-json.md"));
        int start = text.IndexOf("```json\n", StringComparison.Ordinal) + 8;
        var example = JsonNode.Parse(text[start..text.IndexOf("```", start, StringComparison.Ordinal)])!;
        Assert.Equal(Shape(Written(Facts.Sweep())), Shape(example));

        static IEnumerable<string> Shape(JsonNode json) =>
        [
            .. Names(json), .. Names(json["sweep"]), .. Names(json["sweep"]!["objective"]), .. Names(json["configurations"]![0]),
            .. Names(json["trials"]![0]), .. Names(json["trials"]![0]!["measurements"]![0]), .. Names(json["metrics"]![0]),
            .. Names(json["trials"]![0]!["measurements"]![0]!["metrics"]), .. Names(json["configurations"]![0]!["reported"]),
        ];
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Cluster.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No Cluster.sln above {AppContext.BaseDirectory}.");
    }

    private static JsonNode Written(ImmutableArray<TrialFacts> trials) =>
        JsonNode.Parse(ResultsJson.Write(ResultTable.Of(new SweepId("s-1"), "s", SweepState.Completed, null, Facts.ByAccuracy, trials)))!;

    private static IEnumerable<string> Names(JsonNode? node) => node!.AsObject().Select(p => p.Key);
}
