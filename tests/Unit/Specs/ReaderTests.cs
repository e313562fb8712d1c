using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Tests.Unit.Specs;

public sealed class ReaderTests
{
    [Fact]
    public void WhatAFileDoesNotSayIsTheDefault()
    {
        var spec = SpecFiles.Spec("");
        Assert.Equal((1L, 1, null), (spec.Seed, spec.Replicates, ((ClassifierSpec)spec.Program).InitialCheckpoint));
        Assert.Equal(new Objective("validation_accuracy", Goal.Maximize, ReadAt.Best), spec.Objective);
        Assert.Equal(new PhantomData(), ((ClassifierSpec)spec.Program).Data);
        Assert.Equal(SearchSpec.Grid, spec.Search);
        Assert.Empty(spec.Shared);
    }

    [Fact]
    public void ALossIsMinimizedUnlessTheFileSaysOtherwise()
    {
        Assert.Equal(Goal.Minimize, SpecFiles.Spec("objective: {metric: validation_loss}").Objective.Goal);
        Assert.Equal(Goal.Maximize, SpecFiles.Spec("objective: {metric: validation_loss, goal: maximize}").Objective.Goal);
    }

    [Fact]
    public void PathsAreRelativeToTheFile()
    {
        var spec = SweepSpecReader.Read("name: t\ndata: {source: csv, train: ../d/a.csv, height: 8, width: 8}\ninitial_checkpoint: " +
            "w.safetensors", "t.yaml", "/home/x").Spec!;
        Assert.Equal("/home/d/a.csv", ((CsvData)((ClassifierSpec)spec.Program).Data).Train);
        Assert.Null(((CsvData)((ClassifierSpec)spec.Program).Data).Test);
        Assert.Equal("/home/x/w.safetensors", ((ClassifierSpec)spec.Program).InitialCheckpoint);
    }

    [Fact]
    public void ASharedSettingMayBeOverriddenByAParameterAndByATrial()
    {
        var plan = SpecFiles.Plan("model: {dropout: 0.1}\nparameters: {dropout: {values: [0.2]}}\ntrials: [{name: a}, " +
            "{name: b, dropout: 0.3}]");
        Assert.Equal([0.1, 0.3, 0.2], plan.Points.Select(p => ((Configuration)p.Configuration).Model.Dropout!.Value));
    }

    [Fact]
    public void NumbersAreReadAsYamlWritesThem()
    {
        var shared = SpecFiles.Spec("training: {learning_rate: 1e-5, batch_size: full, limit: none, decay: .5, momentum: +0.9}").Shared;
        Assert.Equal(["full", "0.5", "1e-5", "none", "0.9"], shared.Values.Select(v => v.ToString()));
    }

    [Fact]
    public void AStoredFileThatNewerRulesRefuseIsRefusedWithItsMistakesAndAnotherIsReadAsBefore()
    {
        const string Sound = "name: t\ndata: {source: xray-phantom}\n";
        Assert.Equivalent(SweepSpecReader.Read(Sound, "t.yaml", "/tmp").Spec, SweepSpecReader.ReadAgain(Sound, "t.yaml", "/tmp"));
        // An earlier version may have known both settings.
        var refused = Assert.Throws<SpecException>(
            () => SweepSpecReader.ReadAgain(Sound + "model: {dropout: 7, depth: 3}\n", "t.yaml", "/tmp"));
        Assert.Contains("model.dropout: 7", refused.Message, StringComparison.Ordinal);
        Assert.Contains("t.yaml:3:18", refused.Message, StringComparison.Ordinal);
        Assert.Contains("model.depth", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\ufeffname: t\ndata: {source: xray-phantom}\n", null)]
    [InlineData("\ufeff\ufeffname: t\ndata: {source: xray-phantom}\n", "t.yaml:1:1")]
    [InlineData("name: t\n\ufeffdata: {source: xray-phantom}\n", "t.yaml:2:1")]
    [InlineData("name: 't\ufeff'\ndata: {source: xray-phantom}\n", "t.yaml:1:9")]
    public void AByteOrderMarkIsAMistakeWithItsLineExceptAtTheStart(string text, string? place)
    {
        string[] told = [.. SweepSpecReader.Read(text, "t.yaml", "/tmp").Errors.Select(e => e.Describe("t.yaml"))];
        if (place is null) Assert.Empty(told);
        else Assert.Contains($"U+FEFF is a character that YAML forbids ({place})", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void AnAnchorMayBeUsedTwice()
    {
        var spec = SpecFiles.Spec("parameters:\n  activation: {values: &a [relu, tanh]}\ntrials:\n  - &t {name: x, hidden: " +
            "&h [7]}\n  - {name: y, hidden: *h, dropout: 0.5}");
        Assert.Equal(new ListValue([7]), spec.Trials[1].Settings["hidden"]);
    }

    [Theory]
    [InlineData("a: &x [*x]")]
    [InlineData("? [a]\n: b")]
    [InlineData("\tname: x")]
    [InlineData("name: x\n---\nname: y")]
    [InlineData("- 1")]
    [InlineData("\"")]
    [InlineData("{")]
    [InlineData("[")]
    [InlineData("name: !!binary x\n%TAG")]
    [InlineData("\0")]
    [InlineData("name: 'x")]
    public void TextThatIsNoSweepGivesMistakesAndNoException(string text)
    {
        var reading = SweepSpecReader.Read(text, "t.yaml", "/");
        Assert.Null(reading.Spec);
        Assert.NotEmpty(reading.Errors);
        Assert.All(reading.Errors, e => Assert.True(e.Line >= 1 && e.Column >= 1));
    }

    [Fact]
    public void AFileCutAnywhereGivesMistakesOrASpecButNoException()
    {
        string text = File.ReadAllText(SpecFiles.PathOf("deploy", "sweeps", "demo.yaml"));
        for (int length = 0; length < text.Length; length++)
        {
            var reading = SweepSpecReader.Read(text[..length], "t.yaml", "/");
            Assert.True(reading.Spec is null == reading.Errors.Any());
        }
    }
}
