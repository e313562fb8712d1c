namespace Tests.Faults.Cases;

/// <summary>What settings do, asked of a real cluster by the real command line.</summary>
public sealed class EffectCases(EffectCases.Trained trained) : IClassFixture<EffectCases.Trained>
{
    private LocalCluster Cluster => trained.Cluster;

    private string Id => trained.Id;

    [Fact]
    public async Task WhatASettingDoesIsWhatItsTrialsSay()
    {
        var view = await Cluster.Json("compare", Id, "--by", "activation");
        Assert.Equal(("activation", "validation_accuracy", "relu"),
            ((string?)view["by"], (string?)view["metric"], (string?)view["baseline"]));
        var effect = Assert.Single(view["effects"]!.AsArray())!;
        Assert.Equal(("tanh", 6, 3), ((string?)effect["level"], (int?)effect["pairs"], (int?)effect["replicates"]));

        var trials = (await Cluster.Json("results", Id))["trials"]!.AsArray();
        double Mean(string activation) => trials.Where(t => (string?)t!["parameters"]!["activation"] == activation)
            .Average(t => t!["objective"]!.GetValue<double>());
        Assert.Equal(Mean("tanh") - Mean("relu"), effect["difference"]!.GetValue<double>(), 12);
        Assert.InRange(effect["difference"]!.GetValue<double>(), effect["low"]!.GetValue<double>(), effect["high"]!.GetValue<double>());
    }

    [Fact]
    public async Task AllSettingsAreToldInEveryFormat()
    {
        var view = await Cluster.Json("effects", "last", "--metric", "test_loss", "--where", "activation=relu");
        Assert.Equal("test_loss", (string?)view["metric"]);
        var factor = Assert.Single(view["factors"]!.AsArray())!;
        Assert.Equal("learning_rate", (string?)factor["by"]);
        Assert.Equal(0.001, factor["baseline"]!.GetValue<double>());

        string table = (await Cluster.Run("effects", Id)).Exits(0).Output;
        Assert.Contains("activation=tanh", table, StringComparison.Ordinal);
        Assert.Contains("95 % intervals over replicates", table, StringComparison.Ordinal);
        string csv = (await Cluster.Run("effects", Id, "--format", "csv")).Exits(0).Output;
        Assert.Equal(3, csv.TrimEnd('\n').Split('\n').Length);
        Assert.StartsWith("by,metric,baseline,level,difference,low,high,pairs,", csv, StringComparison.Ordinal);
        Assert.Contains($"`sweep effects {Id}`", (await Cluster.Run("results", Id)).Exits(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--by: 'activaton' is no setting that varies here. Did you mean `activation`?", "compare", "--by", "activaton")]
    [InlineData("--where activation: 'softmax' is no value of activation here. It has: relu, tanh.",
        "effects", "--where", "activation=softmax")]
    [InlineData("Did you mean `test_accuracy`?", "effects", "--metric", "test_acuracy")]
    public async Task AWrongNameIsBadInput(string complaint, params string[] arguments) =>
        Assert.Contains(complaint, (await Cluster.Run([arguments[0], Id, .. arguments[1..]])).Exits(2).Errors, StringComparison.Ordinal);

    /// <summary>Trains two activations at two rates, in three replicates, on two silos.</summary>
    public sealed class Trained : IAsyncLifetime
    {
        internal LocalCluster Cluster { get; private set; } = null!;

        internal string Id { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Cluster = await LocalCluster.Up(silos: 2);
            Id = await Cluster.Submit(Cluster.Write("does.yaml", """
                name: does
                seed: 3
                data: {source: xray-phantom, train: 200, validation: 60, test: 60}
                model: {hidden: [16]}
                training: {batch_size: 16, epochs: 3}
                parameters:
                  activation: {values: [relu, tanh]}
                  learning_rate: {values: [1e-3, 1e-2]}
                replicates: 3
                """));
            (await Cluster.Run("watch", Id)).Exits(0);
        }

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();
    }
}
