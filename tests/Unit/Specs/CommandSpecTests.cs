using System.Text.Json.Nodes;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Tests.Unit.Specs;

/// <summary>A sweep file may name a program of the user's, whose parameters have names that nobody knew before.</summary>
public sealed class CommandSpecTests
{
    private const string File = """
        name: own
        seed: 7
        program:
          run: [python3, train.py, "--lr={lr}", "{{kind}}", "{\"a\": 1}"]
          files: [train.py, data]
          metrics: {loss: minimize, accuracy: maximize, seen: record}
          epochs: 5
          timeout: 90s
          repeatable: true
        parameters:
          lr: {distribution: log_uniform, min: 1e-4, max: 1e-1}
          kind: {values: [a, 2, true]}
          epochs: {values: [5, 9]}
        search: {sampler: random, trials: 6}
        replicates: 2
        """;

    [Fact]
    public void EveryPointHasTheProgramsArgumentsWithItsParameters()
    {
        var plan = SweepPlanner.Plan(Read(File));
        Assert.Equal((6, 12), (plan.Points.Length, plan.Trials.Length));
        foreach (var point in plan.Points)
        {
            var command = Assert.IsType<CommandConfiguration>(point.Configuration);
            Assert.Equal(["kind", "lr"], command.Parameters.Keys);
            Assert.Equal(["python3", "train.py", $"--lr={command.Parameters["lr"]}", "{kind}", "{\"a\": 1}"], command.Arguments());
            Assert.Contains(point.Epochs, (int[])[5, 9]);
        }
    }

    [Fact]
    public void TheObjectiveIsTheFirstMetricWithAGoalAndAnyOtherMayBe()
    {
        Assert.Equal(new Objective("loss", Goal.Minimize, ReadAt.Best), Read(File).Objective);
        Assert.Equal(new Objective("accuracy", Goal.Maximize, ReadAt.Last), Read(File + "\nobjective: {metric: accuracy, at: last}").Objective);
        string named = File.Replace("accuracy: maximize", "validation_accuracy: maximize", StringComparison.Ordinal);
        Assert.Equal("loss", Read(named).Objective.Metric);
    }

    [Fact]
    public void AWholeNumberReachesTheProgramAsOneAndATextAsText()
    {
        const string text = """
            name: numbers
            program:
              run: [p, "{n}", "--json={\"a\":{\"b\":{x}}}", "{{x}}"]
              metrics: {loss: minimize}
            parameters: {n: {values: [1e15, 9007199254740992]}, x: {values: [0.5]}, t: {values: ["1"]}}
            """;
        var points = SweepPlanner.Plan(Read(text)).Points.Select(p => (CommandConfiguration)p.Configuration).ToList();
        Assert.Equal(["p", "1000000000000000", "--json={\"a\":{\"b\":0.5}}", "{x}"], points[0].Arguments());
        Assert.Equal("""{"n":9007199254740992,"t":"1","x":0.5}""", Canonical.Json(points[1].Parameters));
        var wrong = SweepSpecReader.Read(text.Replace("9007199254740992", "9007199254740993", StringComparison.Ordinal), "own.yaml", "/tmp");
        Assert.Contains("becomes 9007199254740992", Assert.Single(wrong.Errors).Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatStandsInNoArgumentActsToo()
    {
        string other = File.Replace("kind: {values: [a, 2, true]}", "kind: {values: [a, 2, false]}", StringComparison.Ordinal);
        Assert.NotEqual(Names(File), Names(other));
    }

    [Fact]
    public void WhatDeterminesNoNumberIsInNoRecipe() =>
        Assert.Equal(Names(File), Names(File.Replace("timeout: 90s", "timeout: none", StringComparison.Ordinal)));

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("2h", 7200)]
    public void ATimeHasItsUnit(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), DurationDomain.Read(text));

    [Theory]
    [InlineData(File)]
    [InlineData("name: t\ndata: {source: csv, train: a.csv, height: 2, width: 3}\nmodel: {kind: cnn, filters: [4, 8]}\nparameters:\n" +
        "  learning_rate: {min: 1e-3, max: 1e-1, log: true}\n  batch_norm: {values: [true, false]}\n  batch_size: {min: 2, max: 6, step: 2}\n" +
        "  limit: {values: [none, 10]}\nsearch: {sampler: random, trials: 3}\n")]
    [InlineData("name: t\ndata: {source: xray-phantom}\ninitial_checkpoint: w.safetensors\ntrials:\n  - {name: a, hidden: [3]}\n  - {name: b, dropout: 0.5}\n")]
    public void ASpecReadsBackFromItsKeptFormToTheSamePlan(string text)
    {
        var spec = Read(text);
        var again = SweepSpec.Read(spec.Json());
        Assert.Equal(spec.Json(), again.Json());
        Assert.Equal(PlanOf(spec), PlanOf(again));
    }

    [Fact]
    public void ASpecOfALaterReleaseIsRefused()
    {
        string later = Read(File).Json().Replace("\"version\":2", "\"version\":3", StringComparison.Ordinal);
        Assert.Contains("version 3", Assert.Throws<SpecException>(() => SweepSpec.Read(later)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kind":"grid"}""", SamplerKind.Grid, 100)]
    [InlineData("""{"kind":"random","points":7}""", SamplerKind.Random, 7)]
    public void ASpecOfTheFirstVersionIsStillRead(string sampler, SamplerKind kind, int trials)
    {
        var old = JsonNode.Parse(Read(File).Json())!;
        old["version"] = 1;
        old["spec"]!.AsObject().Remove("search");
        old["spec"]!["sampler"] = JsonNode.Parse(sampler);
        var search = SweepSpec.Read(old.ToJsonString()).Search;
        Assert.Equal((kind, SchedulerKind.Full, trials), (search.Sampler, search.Scheduler, search.Trials));
    }

    [Fact]
    public void ARecipeOfAProgramReadsBackToItsName()
    {
        var recipe = RecipesOf(File)[0];
        Assert.Equal(recipe.Json(), Recipe.Read(recipe.Json()).Json());
        Assert.StartsWith("{\"command\":", recipe.Json(), StringComparison.Ordinal);
        Assert.True(Recipe.Read(recipe.Json()).Repeats);
    }

    private static SweepSpec Read(string text)
    {
        var reading = SweepSpecReader.Read(text, "own.yaml", "/tmp");
        Assert.Empty(reading.Errors.Select(e => e.Describe("own.yaml")));
        return reading.Spec!;
    }

    private static string PlanOf(SweepSpec spec) => string.Join('\n', SweepPlanner.Plan(spec).Trials.Select(
        t => $"{t.Number} {t.Point.Name} {t.Replicate} {t.Point.Epochs} {t.Point.Configuration.Json()} {Canonical.Json(t.Point.Parameters)}"));

    private static List<string> Names(string text) => [.. RecipesOf(text).Select(r => r.Digest().Value)];

    private static List<CommandRecipe> RecipesOf(string text) => [.. SweepPlanner.Plan(Read(text)).Trials.Select(t => new CommandRecipe
    {
        Command = (CommandConfiguration)t.Point.Configuration,
        Seed = 7,
        Replicate = t.Replicate,
        InitialCheckpoint = Digest.Of([]),
        NumericPath = "command/1",
    })];
}
