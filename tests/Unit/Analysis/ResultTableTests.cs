using System.Collections.Immutable;
using Grains.Analysis;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Results;

namespace Tests.Unit.Analysis;

public sealed class ResultTableTests
{
    [Fact]
    public void ReplicatesOfAPointAreOneRow()
    {
        var results = Of(Facts.Sweep());
        Assert.Equal([[3, 4], [1, 2]], results.Configurations.Select(c => c.Trials));
        Assert.All(results.Configurations, c => Assert.Equal(2, c.Completed));
    }

    [Fact]
    public void AnotherBudgetIsAnotherRow()
    {
        var results = Of([Facts.Trial(1, 0.001, 1, 70, 80), Facts.Trial(2, 0.001, 1, 70, 80, 90)]);
        Assert.Equal([3, 2], results.Configurations.Select(c => c.Epochs));
    }

    [Fact]
    public void TestAccuracyHasItsDeviationOverReplicates()
    {
        var best = Of(Facts.Sweep()).Configurations[0];
        // One less of the test images is right than of the validation images: 0.89 and 0.93.
        Assert.Equal(0.91, best.Reported["test_accuracy"].Mean!.Value, 12);
        Assert.Equal(Math.Sqrt(0.0008), best.Reported["test_accuracy"].Deviation!.Value, 12);
        Assert.Null(Of([Facts.Trial(1, 0.001, 1, 70, 80)]).Configurations[0].Reported["test_accuracy"].Deviation);
    }

    [Fact]
    public void MeanBestAndSampleDeviationAreOfTheObjectiveOverReplicates()
    {
        var best = Of(Facts.Sweep()).Configurations[0];
        Assert.Equal(0.92, best.Mean!.Value, 12);
        Assert.Equal(0.94, best.Best);
        // The values 0.90 and 0.94 lie about 0.92: (0.02² + 0.02²) / (2 − 1).
        Assert.Equal(Math.Sqrt(0.0008), best.Deviation!.Value, 12);
        Assert.Equal(6, best.Seconds);
        Assert.Equal(1234, best.ParameterCount);
    }

    [Fact]
    public void MedianAndIntervalOfTheMeanAreOverReplicates()
    {
        var trials = Facts.Sweep().Add(Facts.Trial(5, 0.01, 3, 70, 98, 97));
        var best = Of(trials).Configurations[0];
        Assert.Equal(0.94, best.Median!.Value, 12);
        // The values 0.90, 0.94 and 0.98 have the deviation 0.04, and Student's quantile at two degrees of freedom is 4.303.
        Assert.Equal(0.94 - 4.302652729749462 * 0.04 / Math.Sqrt(3), best.Low!.Value, 9);
        Assert.Equal(0.94 + 4.302652729749462 * 0.04 / Math.Sqrt(3), best.High!.Value, 9);
        Assert.Equal(0.92, Of(Facts.Sweep()).Configurations[0].Median!.Value, 12);
        var alone = Of([Facts.Trial(1, 0.001, 1, 70)]).Configurations[0];
        Assert.Equal((0.7, null, null), (alone.Median, alone.Low, alone.High));
    }

    [Fact]
    public void TestAccuracyIsReadAtTheEpochOfTheObjective()
    {
        var trials = Facts.Sweep();
        Assert.Equal((0.89 + 0.93) / 2, Of(trials).Configurations[0].Reported["test_accuracy"].Mean!.Value, 12);
        var last = Of(trials, Facts.BestAccuracy with { At = ReadAt.Last });
        Assert.Equal((0.84 + 0.93) / 2, last.Configurations[0].Reported["test_accuracy"].Mean!.Value, 12);
    }

    [Fact]
    public void OneReplicateHasNoDeviation() => Assert.Null(Of([Facts.Trial(1, 0.001, 1, 70)]).Configurations[0].Deviation);

    [Fact]
    public void OnlyCompletedTrialsCount()
    {
        var trials = Facts.Sweep().WithFirst(
            t => t with { State = TrialState.Failed, Failure = FailureClass.Diverged, Measurements = t.Measurements[..1] });
        var row = Of(trials).Configurations[1];
        Assert.Equal((1, 0.82), (row.Completed, row.Mean));
        Assert.Equal([1, 2], row.Trials);
    }

    [Fact]
    public void TheLowestIsFirstWhenTheGoalIsToMinimize()
    {
        var objective = new Objective("validation_loss", Goal.Minimize, ReadAt.Last);
        var trials = Facts.Sweep().WithFirst(t => t.AtEpoch(3, m => m with { Validation = m.Validation with { Loss = 0.1 } }));
        var results = Of(trials, objective);
        Assert.Equal([0.3, 0.5], results.Configurations.Select(c => Math.Round(c.Mean!.Value, 12)));
        Assert.Equal(0.1, results.Configurations[0].Best);
    }

    [Theory]
    [InlineData(Goal.Maximize, double.NaN)]
    [InlineData(Goal.Minimize, double.NaN)]
    [InlineData(Goal.Maximize, double.PositiveInfinity)]
    [InlineData(Goal.Minimize, double.NegativeInfinity)]
    public void ARowWithoutANumberComesLast(Goal goal, double loss)
    {
        var trials = Facts.Sweep().Add(Facts.Trial(5, 0.1, 1, 99)).Add(Facts.Trial(6, 1, 1, 99) with { State = TrialState.Running });
        trials = trials.SetItem(4, trials[4].AtEpoch(1, m => m with { Validation = m.Validation with { Loss = loss } }));
        var rows = Of(trials, new Objective("validation_loss", goal, ReadAt.Last)).Configurations;
        Assert.Equal([5, 6], rows.TakeLast(2).Select(r => r.Trials.Single()));
        Assert.All(rows.TakeLast(2), r => Assert.Equal((null, null, 0), (r.Mean, r.Best, r.Completed)));
    }

    [Fact]
    public void EqualRowsStandInTheOrderOfTheirNumbers()
    {
        var rows = Of([Facts.Trial(3, 0.1, 1, 70), Facts.Trial(2, 0.01, 1, 70), Facts.Trial(1, 0.001, 1, 70)]).Configurations;
        Assert.Equal([1, 2, 3], rows.Select(r => r.Trials.Single()));
    }

    [Fact]
    public void ALossThatIsNoNumberIsNullWithAReason()
    {
        var results = Of(Facts.Sweep()
            .WithFirst(t => t.AtEpoch(2, m => m with { Test = m.Test with { Loss = double.NaN }, Penalty = double.PositiveInfinity })));
        var trial = results.Trials[0];
        Assert.Null(trial.Measurements[1].Metrics["test_loss"]);
        Assert.Null(trial.Measurements[1].Metrics["penalty"]);
        Assert.Equal("The test_loss of epoch 2 is NaN.", trial.Reason);
    }

    [Fact]
    public void ATrialsOwnReasonStands()
    {
        var trials = Facts.Sweep().WithFirst(t => t.AtEpoch(2, m => m with { Penalty = double.NaN }) with { Reason = "its own" });
        Assert.Equal("its own", Of(trials).Trials[0].Reason);
    }

    [Fact]
    public void TrialsStandByNumberAndShowTheirBestEpoch()
    {
        var trials = Of([.. Facts.Sweep().Reverse()]).Trials;
        Assert.Equal([1, 2, 3, 4], trials.Select(t => t.Number));
        // The second trial has 82 of 100 twice, and the first of them is the best.
        Assert.Equal([2, 2, 2, 2], trials.Select(t => t.BestEpoch));
        Assert.Equal([0.80, 0.82, 0.90, 0.94], trials.Select(t => t.Objective));
    }

    [Fact]
    public void ATrialWithoutEpochsHasNeitherBestNorObjective()
    {
        var trial = Of(Facts.Sweep().WithFirst(t => t with
        {
            State = TrialState.Pending,
            Measurements = [],
            FinalCheckpoint = null,
        })).Trials[0];
        Assert.Null(trial.BestEpoch);
        Assert.Null(trial.Objective);
        Assert.Equal(0, trial.Seconds);
    }

    [Fact]
    public void TheHeadingCarriesTheResultDigest()
    {
        var trials = Facts.Sweep();
        Assert.Equal(ResultDigest.Of(Facts.ByAccuracy, trials)!.Value.Value, Of(trials).Sweep.Digest);
    }

    private static SweepResults Of(ImmutableArray<TrialFacts> trials, Objective? objective = null) =>
        ResultTable.Of(new SweepId("s-1"), "s", SweepState.Completed, null, new Ranking(objective ?? Facts.BestAccuracy, ClassifierResult.Metrics), trials);
}
