using Grains.Analysis.Effects;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Views;

namespace Tests.Unit.Analysis.Effects;

public sealed class EffectTableTests
{
    [Fact]
    public void TrialsArePairedByEverythingElse()
    {
        var view = Trials.Table(Trials.Grid("norm=false rate=1: 10 12", "norm=true rate=1: 11 14", "norm=false rate=2: 20 21",
            "norm=true rate=2: 23 25")).Compare("norm", null);
        var effect = Assert.Single(view.Effects);
        Assert.Equal((new BooleanValue(false), new BooleanValue(true)), (view.Baseline, effect.Level));
        // The differences of the replicates are (1 + 3) / 2 and (2 + 4) / 2.
        Assert.Equal((2.5, 4, 4, 2, 2), (effect.Difference, effect.Pairs, effect.Agree, effect.Replicates, effect.Configurations));
        // Student's quantile at one degree of freedom is 12.706, and the error of the mean of 2 and 3 is a half.
        Assert.Equal(2.5 - 12.7062047 / 2, effect.Low!.Value, 6);
        Assert.Equal(2.5 + 12.7062047 / 2, effect.High!.Value, 6);
        Assert.Equal(effect.P, effect.PHolm);
        Assert.Equal(Math.Sqrt(0.5), effect.Deviation!.Value, 12);
    }

    [Fact]
    public void PairsOfOneReplicateAreNotIndependent()
    {
        // Sixteen pairs in two replicates say no more of other replicates than their two means do.
        string[] lines = [.. Enumerable.Range(1, 8).SelectMany(
            rate => (string[])[$"norm=false rate={rate}: 0 0", $"norm=true rate={rate}: 1 2"])];
        var effect = Trials.Table(Trials.Grid(lines)).Compare("norm", null).Effects[0];
        Assert.Equal(16, effect.Pairs);
        Assert.Equal(1.5 - 12.7062047 / 2, effect.Low!.Value, 6);
    }

    [Fact]
    public void OneReplicateHasADifferenceAndNoInterval()
    {
        var effect = Trials.Table(Trials.Grid("norm=false rate=1: 1", "norm=true rate=1: 2", "norm=false rate=2: 1", "norm=true rate=2: 4"))
            .Compare("norm", null).Effects[0];
        Assert.Equal((2.0, 2, 1), (effect.Difference, effect.Pairs, effect.Replicates));
        Assert.Equal((null, null, null, null, null), (effect.Low, effect.High, effect.P, effect.PHolm, effect.Deviation));
    }

    [Fact]
    public void ReplicatesThatDoNotDifferHaveNoInterval()
    {
        var effect = Trials.Table(Trials.Grid("norm=false: 0.1 0.2 0.3", "norm=true: 0.3 0.4 0.5")).Compare("norm", null).Effects[0];
        Assert.Equal(0.2, effect.Difference!.Value, 12);
        Assert.Equal((null, null, 0.0), (effect.Low, effect.P, effect.Deviation));
    }

    [Fact]
    public void TheBudgetIsASetting()
    {
        var view = Trials.Table(Trials.Grid("rate=1 epochs=25: 1 2", "rate=1 epochs=40: 3 5")).Compare("epochs", null);
        Assert.Equal((new NumberValue(25), new NumberValue(40), 2.5), (view.Baseline, view.Effects[0].Level, view.Effects[0].Difference));
    }

    [Fact]
    public void WhatActsAtOneLevelOnlyIsAveragedOver()
    {
        var effect = Trials.Table(Trials.Grid("optimizer=adam rate=1: 10 20", "optimizer=sgd rate=1 momentum=0: 11 22",
            "optimizer=sgd rate=1 momentum=0.9: 13 24")).Compare("optimizer", null).Effects[0];
        Assert.Equal((2.5, 2), (effect.Difference, effect.Pairs));
        Assert.Equal(["momentum"], effect.Averaged);
    }

    [Fact]
    public void ASettingThatActsInSomeTrialsIsComparedThereAlone()
    {
        var effect = Trials.Table(Trials.Grid("kind=dense width=8: 1 2", "kind=dense width=16: 2 4", "kind=cnn: 9 9"))
            .Compare("width", null).Effects[0];
        Assert.Equal((1.5, 2), (effect.Difference, effect.Pairs));
    }

    [Fact]
    public void OnlyWholeConfigurationsAndReplicatesCountAndTheRestIsTold()
    {
        var effect = Trials.Table(Trials.Grid("norm=false rate=1: 1 1 1", "norm=true rate=1: 2 3 4", "norm=false rate=2: 1 diverged 1",
            "norm=true rate=2: 2 2 2", "norm=false rate=3: 1 1 1", "norm=true rate=3: 3 4 5")).Compare("norm", null).Effects[0];
        Assert.Equal((6, 2, 3, 2.5), (effect.Pairs, effect.Configurations, effect.Replicates, effect.Difference));
        Assert.Equal(new PairsLeftOut(1, 0, 0, 0, 0, 2), effect.LeftOut);
    }

    [Fact]
    public void AReplicateThatHasJustBegunChangesNothing()
    {
        string[] lines = ["norm=false rate=1: 1 1 1 1", "norm=true rate=1: 2 3 4 2", "norm=false rate=2: 1 1 1 running",
            "norm=true rate=2: 9 8 9 running", "norm=false rate=3: 1 1 1 running", "norm=true rate=3: 5 6 7 cancelled"];
        var effect = Trials.Table(Trials.Grid(lines)).Compare("norm", null).Effects[0];
        Assert.Equal((9, 3, 3), (effect.Pairs, effect.Configurations, effect.Replicates));
        Assert.Equal(new PairsLeftOut(0, 0, 1, 1, 0, 1), effect.LeftOut);
    }

    [Fact]
    public void TrialsThatDoNotCountLeaveThePairOutWithTheirReason()
    {
        var effect = Trials.Table(Trials.Grid("norm=false: 1 failed NaN running", "norm=true: 2 2 2 diverged"))
            .Compare("norm", null).Effects[0];
        Assert.Equal((1, 1), (effect.Pairs, effect.Replicates));
        Assert.Equal(new PairsLeftOut(1, 1, 0, 0, 1, 0), effect.LeftOut);
    }

    [Fact]
    public void HolmCorrectsOverLevelsAndOverFactors()
    {
        var table = Trials.Table(Trials.Grid("a=1 b=1: 1 2 4", "a=2 b=1: 3 5 6", "a=3 b=1: 1 2 5", "a=1 b=2: 2 2 5", "a=2 b=2: 4 4 8",
            "a=3 b=2: 3 2 4"));
        var compared = table.Compare("a", null);
        Assert.Equal(2, compared.About.Comparisons);
        Assert.Equal(Holm.Correct([.. compared.Effects.Select(e => e.P)]), compared.Effects.Select(e => e.PHolm));
        var all = table.Effects();
        Assert.Equal(3, all.About.Comparisons);
        Assert.Equal(Holm.Correct([.. all.Factors.SelectMany(f => f.Effects).Select(e => e.P)]),
            all.Factors.SelectMany(f => f.Effects).Select(e => e.PHolm));
        Assert.Equal(["a", "b"], all.Factors.Select(f => f.By));
    }

    [Fact]
    public void TheBaselineIsTheFirstValueInTheFilesOrder()
    {
        var trials = Trials.Grid("act=tanh rate=1: 1 2", "act=relu rate=1: 2 4", "act=elu rate=1: 2 5");
        var listed = new ValuesParameter("act", [new TextValue("relu"), new TextValue("tanh"), new TextValue("elu")]);
        Assert.Equal(new TextValue("tanh"), Trials.Table(trials).Compare("act", null).Baseline);
        var view = Trials.Table(trials, null, listed).Compare("act", null);
        Assert.Equal(["relu", "tanh", "elu"], [$"{view.Baseline}", .. view.Effects.Select(e => $"{e.Level}")]);
        Assert.Equal(new TextValue("elu"), Trials.Table(trials, null, listed).Compare("act", "elu").Baseline);
    }

    [Fact]
    public void AValueWithoutAPairIsNoBaselineUnlessAskedFor()
    {
        var table = Trials.Table(Trials.Grid("act=relu rate=9: 1 2", "act=tanh rate=1: 1 2", "act=elu rate=1: 2 5"));
        var view = table.Compare("act", null);
        Assert.Equal((new TextValue("tanh"), 1), (view.Baseline, view.LevelsWithoutPairs));
        string said = Assert.Throws<SpecException>(() => table.Compare("act", "relu")).Message;
        Assert.Contains("act=relu has no pairs", said, StringComparison.Ordinal);
    }

    [Fact]
    public void ConditionsChooseTrialsAndWhatTheyFixIsNoFactorAnyMore()
    {
        var trials = Trials.Grid("norm=false rate=1e-5: 1 2", "norm=true rate=1e-5: 2 4", "norm=false rate=2: 1 1",
            "norm=true rate=2: 9 8");
        var view = Trials.Table(trials, ["rate=0.00001"]).Effects();
        Assert.Equal("norm", Assert.Single(view.Factors).By);
        Assert.Equal(1.5, view.Factors[0].Effects[0].Difference);
        Assert.Equal(4, Trials.Table(trials, ["rate=1e-5", "rate=2"]).Compare("norm", null).Effects[0].Pairs);
        Assert.Equal(["rate=0.00001"], view.About.Where);
    }

    [Theory]
    [InlineData("raet=1", "--where: 'raet' is no setting that varies here. Did you mean `rate`?")]
    [InlineData("rate=3", "--where rate: '3' is no value of rate here. It has: 1, 2.")]
    [InlineData("norm=flase", "--where norm: 'flase' is no value of norm here. Did you mean `false`?")]
    [InlineData("rate", "--where: 'rate' is no condition.")]
    public void AWrongConditionIsExplained(string condition, string complaint)
    {
        var trials = Trials.Grid("norm=false rate=1: 1 2", "norm=true rate=2: 2 4");
        string said = Assert.Throws<SpecException>(() => Trials.Table(trials, [condition])).Message;
        Assert.StartsWith(complaint, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nrm", null, "--by: 'nrm' is no setting that varies here. Did you mean `norm`?")]
    [InlineData("norm", "yes", "--baseline: 'yes' is no value of norm here. It has: false, true, maybe.")]
    [InlineData("rate", null, "--by: rate has no pairs: no two trials differ in rate alone (2 values in 6 trials).")]
    public void AWrongNameIsExplained(string by, string? baseline, string complaint)
    {
        var table = Trials.Table(Trials.Grid("norm=false rate=1: 1 2", "norm=true rate=1: 1 2", "norm=maybe rate=2: 2 4"));
        Assert.StartsWith(complaint, Assert.Throws<SpecException>(() => table.Compare(by, baseline)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMetricThatNobodyReportsIsExplained()
    {
        string said = Assert.Throws<SpecException>(() => EffectTable.MetricOf(Facts.ByAccuracy, "test_acuracy")).Message;
        Assert.Contains("Did you mean `test_accuracy`?", said, StringComparison.Ordinal);
        Assert.Equal("validation_accuracy", EffectTable.MetricOf(Facts.ByAccuracy, null));
    }

    [Fact]
    public void ADrawnSettingHasARankCorrelationInsteadOfPairs()
    {
        string[] lines = [.. Enumerable.Range(1, 12).Select(i => $"rate={i * 0.013} norm={(i % 3 == 0 ? "true" : "false")}: {i} {i + 1}")];
        var range = new RangeParameter("rate", 0, 1, Log: false, Step: null, Integer: false);
        var view = Trials.Table(Trials.Grid(lines), null, range).Effects();
        Assert.Empty(view.Factors);
        Assert.Equal(["rate", "norm"], view.Unpaired.Select(u => u.By));
        Assert.Equal((12, 12, 1.0), (view.Unpaired[0].Levels, view.Unpaired[0].Configurations, view.Unpaired[0].Correlation));
        Assert.Null(view.Unpaired[1].Correlation);
    }

    [Fact]
    public void TenThousandDrawnTrialsAreToldAtOnce()
    {
        var trials = Enumerable.Range(1, 10_000)
            .Select(i => Trials.Of(i, $"rate={i * 1e-5} width={i % 40} norm={i % 2 == 0}", 1, i % 17)).ToList();
        var view = Trials.Table(trials).Effects();
        Assert.Equal(["rate"], view.Unpaired.Where(u => u.Levels == 10_000).Select(u => u.By));
    }

    [Fact]
    public void AnEffectThatIsAnotherAtOneValueOfASettingDependsOnIt()
    {
        var effect = Trials.Table(Trials.Grid("norm=false rate=1: 1 1.1 1.2 1", "norm=true rate=1: 2 2.2 2.1 2.1",
            "norm=false rate=2: 1 1.1 1.2 1", "norm=true rate=2: 0 0.2 0 0.1")).Compare("norm", null).Effects[0];
        Assert.False(effect.IsFound);
        var depends = Assert.Single(effect.DependsOn);
        Assert.Equal(("rate", 2), (depends.On, depends.At.Length));
        Assert.Equal((new NumberValue(1), 4), (depends.At[0].Level, depends.At[0].Pairs));
        Assert.Equal(1.025, depends.At[0].Difference, 12);
        Assert.Equal(-1, depends.At[1].Difference, 12);
        Assert.InRange(depends.PHolm, 0, 0.01);
    }

    [Fact]
    public void WhatIsNotCrossedWithTheRestIsNoCauseOfADifference()
    {
        var effect = Trials.Table(Trials.Grid("norm=false rate=1 width=1: 1 1.1 1", "norm=true rate=1 width=1: 2 2.2 2.1",
            "norm=false rate=2 width=2: 1 1.1 1", "norm=true rate=2 width=2: 0 0.2 0")).Compare("norm", null).Effects[0];
        Assert.Empty(effect.DependsOn);
    }

    [Fact]
    public void OpenEffectsSayHowManyReplicatesWouldSettleThem()
    {
        var effect = Trials.Table(Trials.Grid("norm=false: 1 1 1 1", "norm=true: 2 0.8 2.5 0.7")).Compare("norm", null).Effects[0];
        Assert.False(effect.IsFound);
        int needed = effect.ReplicatesNeeded!.Value;
        double size = effect.Difference!.Value / effect.Deviation!.Value;
        Assert.True(StudentT.Power(size, needed, 0.05) >= 0.8);
        Assert.True(StudentT.Power(size, needed - 1, 0.05) < 0.8);
    }
}
