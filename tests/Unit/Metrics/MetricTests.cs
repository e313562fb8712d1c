using Grains.Interfaces.Model.Metrics;
using static Tests.Shared.ClassifierReadings;

namespace Tests.Unit.Metrics;

/// <summary>Checks how the metrics of an epoch are declared, packed and ranked.</summary>
public sealed class MetricTests
{
    private static readonly ClassifierResult Result = new()
    {
        Train = new(0.5, 7, 10),
        Validation = new(0.25, 130, 300),
        Test = new(0.125, 1_000_000, 2_000_000),
        Penalty = 0.0625,
        ValidationConfusion = [100, 70, 100, 30],
        TestConfusion = [1, 0, 128, 16384],
    };

    [Fact]
    public void EachDeclaredMetricHasItsOwnValue() => Assert.Equal(
        [
            new("train_loss", 0.5), new("train_accuracy", 0.7), new("validation_loss", 0.25), new("validation_accuracy", 130 / 300.0),
            new("test_loss", 0.125), new("test_accuracy", 0.5), new("penalty", 0.0625),
        ],
        ClassifierResult.Metrics.Named(Result.Measurement(1, 1).Values));

    [Fact]
    public void WhatIsPackedIsReadBackExactly()
    {
        var again = ClassifierResult.Of(Result.Measurement(1, 1));
        Assert.Equal((Result.Train, Result.Validation, Result.Test, Result.Penalty), (again.Train, again.Validation, again.Test, again.Penalty));
        Assert.Equal(Result.ValidationConfusion, again.ValidationConfusion);
        Assert.Equal(Result.TestConfusion, again.TestConfusion);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.Epsilon)]
    [InlineData(0.1 + 0.2)]
    public void ANumberKeepsItsBits(double value) =>
        Assert.Equal(Bits.Of(value), Bits.Of(new MetricValues.Packer().Share(1, 2).Number(value).Done().Value(1)));

    [Fact]
    public void AShareOfNothingIsZeroAndIsOfNothing()
    {
        var values = new MetricValues.Packer().Share(0, 0).Share(0, 4).Number(0).Done();
        Assert.Equal([0, 0, 0], Enumerable.Range(0, 3).Select(values.Value));
        Assert.Equal([false, true, true], Enumerable.Range(0, 3).Select(values.IsOfSomething));
    }

    [Fact]
    public void WhatAnEarlierProgramDidNotReportIsNaN()
    {
        var values = new MetricValues.Packer().Share(1, 2).Done();
        Assert.Equal([0.5, double.NaN, double.NaN], Enumerable.Range(0, 3).Select(values.Value));
        Assert.Throws<InvalidOperationException>(() => values.Share(1));
    }

    [Fact]
    public void TablesWithoutACountAreNone()
    {
        Assert.Same(CountTables.None, CountTables.Of([], []));
        Assert.Empty(CountTables.None.Table(1));
        Assert.Equal([5], CountTables.Of([], [5]).Table(1));
        Assert.Equal([0, 0], CountTables.Of([0, 0], []).Table(0));
    }

    [Fact]
    public void TheFirstMetricToRankByThatIsNotFiniteIsNamed()
    {
        Assert.Null(NotFinite(Result with { Test = new(double.NaN, 1, 2), Penalty = double.PositiveInfinity }));
        Assert.Equal("validation_loss", NotFinite(Result with { Validation = new(double.NaN, 1, 2) }));
        Assert.Equal("train_loss", NotFinite(Result with { Train = new(double.NegativeInfinity, 1, 2), Validation = new(double.NaN, 1, 2) }));

        static string? NotFinite(ClassifierResult result) => ClassifierResult.Metrics.NotFinite(result.Measurement(1, 1).Values)?.Name;
    }

    [Fact]
    public void TheTestSplitIsNeverRankedBy() => Assert.Equal(["train_loss", "train_accuracy", "validation_loss", "validation_accuracy"],
        ClassifierResult.Metrics.Rankable.Select(m => m.Name));

    [Theory]
    [InlineData(Goal.Minimize, ReadAt.Best, new[] { 3.0, 2, 2, 4 }, 2, 2.0)]
    [InlineData(Goal.Maximize, ReadAt.Best, new[] { 3.0, 4, 2, 4 }, 2, 4.0)]
    [InlineData(Goal.Minimize, ReadAt.Last, new[] { 3.0, 2, 5 }, 2, 5.0)]
    [InlineData(Goal.Minimize, ReadAt.Best, new[] { double.NaN, 2 }, 2, 2.0)]
    [InlineData(Goal.Minimize, ReadAt.Best, new[] { 2, double.NaN }, 1, 2.0)]
    [InlineData(Goal.Maximize, ReadAt.Best, new[] { double.NaN }, 1, double.NaN)]
    public void TheBestSoFarIsTheFirstOnATieAndNeverNaNBesideANumber(Goal goal, ReadAt at, double[] losses, int epoch, double reading)
    {
        var best = new BestSoFar(new Ranking(new Objective("validation_loss", goal, at), ClassifierResult.Metrics));
        Assert.Null(best.Reading);
        for (int i = 0; i < losses.Length; i++) best.Take(i + 1, Measured(i + 1, losses[i]).Values);
        Assert.Equal((epoch, reading), (best.Epoch, best.Reading));
    }

    [Fact]
    public void AnUnknownMetricIsNamedWithThoseThereAre() => Assert.Contains("validation_loss",
        Assert.Throws<InvalidOperationException>(() => ClassifierResult.Metrics.IndexOf("f1")).Message, StringComparison.Ordinal);
}
