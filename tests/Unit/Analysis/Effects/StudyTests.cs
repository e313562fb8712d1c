using Grains.Analysis.Effects;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Tests.Unit.Specs;

namespace Tests.Unit.Analysis.Effects;

/// <summary>Which pairs the study's own file has: its trials each change one thing of the first.</summary>
public sealed class StudyTests
{
    [Theory]
    [InlineData("activation", "relu", "leaky_relu: 1, tanh: 1, sigmoid: 1, elu: 1")]
    [InlineData("epochs", "25", "40: 1")]
    [InlineData("batch_size", "64", "32: 1, full: 1")]
    [InlineData("batch_norm", "false", "true: 1")]
    [InlineData("filters", "[64, 128, 128, 256, 256]", "[32, 64, 64, 128, 128]: 2")]
    // The dense network and both CNNs.
    [InlineData("dropout", "0", "0.3: 3")]
    // Adam at 1e-4, and SGD.
    [InlineData("decay", "0", "0.001: 2")]
    public void AQuestionOfTheStudyHasItsPairs(string by, string baseline, string expected)
    {
        var view = Table().Compare(by, null);
        Assert.Equal(baseline, $"{view.Baseline}");
        Assert.Equal(expected, string.Join(", ", view.Effects.Select(e => $"{e.Level}: {e.Configurations}")));
        Assert.All(view.Effects, e => Assert.Equal(2, e.Replicates));
    }

    [Fact]
    public void WhatChangesWithOtherThingsHasNoPairs() => Assert.Contains("kind", Table().Effects().Unpaired.Select(u => u.By));

    private static EffectTable Table()
    {
        var spec = SpecFiles.Read(SpecFiles.PathOf("deploy", "sweeps", "homework.yaml")).Spec!;
        return Trials.Table([.. SweepPlanner.Plan(spec).Trials.Select(t => EffectTrial.Of(t.Number, t.Point.Parameters, t.Point.Epochs,
            t.Replicate, TrialState.Completed, null, t.Number * t.Number))]);
    }
}
