using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Tests.Unit.Specs;

public sealed class IdleSettingTests
{
    [Theory]
    [InlineData("parameters: {momentum: {values: [0, 0.9]}}", "parameters.momentum", "optimizer: sgd")]
    [InlineData("parameters: {leaky_slope: {min: 0, max: 0.3, step: 0.1}}", "parameters.leaky_slope", "activation: leaky_relu")]
    [InlineData("model: {hidden: []}\nparameters: {activation: {values: [relu, tanh]}}", "parameters.activation", "hidden layers")]
    [InlineData("initial_checkpoint: w.safetensors\nparameters: {initializer: {values: [he_normal, " +
        "he_uniform]}}", "parameters.initializer", "initial_checkpoint: auto")]
    [InlineData("training: {momentum: 0.9}", "training.momentum", "optimizer: sgd")]
    [InlineData("model: {filters: [8]}", "model.filters", "kind: cnn")]
    [InlineData("trials: [{name: a, momentum: 0.9}, {name: b, optimizer: sgd}]", "trials[0].momentum", "optimizer: sgd")]
    public void SettingThatActsInNoPointIsWarnedOf(string text, string path, string remedy)
    {
        var warning = Assert.Single(Read(text).Warnings);
        Assert.Equal(path, warning.Path);
        Assert.Contains(remedy, warning.Remedy, StringComparison.Ordinal);
        Assert.InRange(warning.Line, 3, 4);
    }

    [Theory]
    [InlineData("parameters: {optimizer: {values: [adam, sgd]}, momentum: {values: [0, 0.9]}}")]
    [InlineData("training: {momentum: 0.9}\ntrials: [{name: a, optimizer: sgd}, {name: b}]")]
    [InlineData("parameters: {dropout: {values: [0, 0.5]}}")]
    public void SettingThatActsInOnePointIsNotWarnedOf(string text) => Assert.Empty(Read(text).Warnings);

    [Fact]
    public void SweepsThatWeShipGiveNoWarnings() => Assert.All(Directory.GetFiles(SpecFiles.PathOf("deploy", "sweeps"), "*.yaml"),
        f => Assert.Empty(SpecFiles.Read(f).Warnings.Select(w => w.Describe(f))));

    private static SpecReading Read(string text)
    {
        var reading = SweepSpecReader.Read($"name: t\ndata: {{source: xray-phantom}}\n{text}\n", "t.yaml", "/");
        Assert.Empty(reading.Errors.Select(e => e.Describe("t.yaml")));
        return reading;
    }
}
