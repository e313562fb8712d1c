using System.Collections.Immutable;
using Grains.Interfaces.Model.Metrics;
using Grains.Programs;

namespace Tests.Unit.Programs;

public sealed class MetricsLineTests
{
    private static readonly ImmutableArray<string> s_metrics = ["loss", "accuracy"];

    [Fact]
    public void ValuesComeInDeclaredOrder()
    {
        var line = MetricsLine.Read("""{"accuracy": 0.9, "epoch": 3.0, "loss": 1e-3, "checkpoint": "e3"}""", s_metrics, 3);
        Assert.Equal(new MetricsLine(3, new MetricValues.Packer().Number(1e-3).Number(0.9).Done(), "e3"), line);
    }

    [Theory]
    [InlineData("NaN", double.NaN)]
    [InlineData("null", double.NaN)]
    [InlineData("-nan", double.NaN)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("-inf", double.NegativeInfinity)]
    [InlineData("1e400", double.PositiveInfinity)]
    public void WhatIsNoNumberIsAValue(string literal, double value)
    {
        var line = MetricsLine.Read($$"""{"epoch":1,"loss":{{literal}},"accuracy":{{literal}}}""", s_metrics, 1);
        Assert.Equal(value, line.Values.Value(0));
        Assert.Equal(value, line.Values.Value(1));
    }

    [Fact]
    public void WordsInsideOfStringsStay()
    {
        var line = MetricsLine.Read("""{"checkpoint":"NaN \" -inf","epoch":1,"loss":1,"accuracy":NaN}""", s_metrics, 1);
        Assert.Equal("NaN \" -inf", line.Checkpoint);
    }

    [Theory]
    [InlineData("""{"epoch": 2, "loss": 1, "accuracy": 1""", "is no JSON (")]
    [InlineData("""[1]""", "is no JSON object")]
    [InlineData("""{"epoch": 2, "loss": 1}""", "lacks accuracy. Report every metric")]
    [InlineData("""{"epoch": 2}""", "lacks loss and accuracy")]
    [InlineData("""{"loss": 1, "accuracy": 1}""", "has no epoch")]
    [InlineData("""{"epoch": 2, "loss": 1, "accuracy": 1, "speed": 3}""", "has speed, which is not declared. Declared are loss, accuracy")]
    [InlineData("""{"epoch": 2, "loss": 1, "accuracy": 1, "loss": 1}""", "has loss twice")]
    [InlineData("""{"epoch": 1, "loss": 1, "accuracy": 1}""", "is of epoch 1, and epoch 2 comes next")]
    [InlineData("""{"epoch": 3, "loss": 1, "accuracy": 1}""", "is of epoch 3, and epoch 2 comes next")]
    [InlineData("""{"epoch": "2", "loss": 1, "accuracy": 1}""", "has the epoch \"2\". Give a whole number")]
    [InlineData("""{"epoch": 2.5, "loss": 1, "accuracy": 1}""", "has the epoch 2.5")]
    [InlineData("""{"epoch": 2, "loss": "low", "accuracy": 1}""", "has the value \"low\" for loss. Give a number, NaN or null")]
    [InlineData("""{"epoch": 2, "loss": true, "accuracy": 1}""", "has the value true for loss")]
    [InlineData("""{"epoch": 2, "loss": 1, "accuracy": 1, "checkpoint": 7}""", "has the checkpoint 7")]
    [InlineData("""{"epoch": 2, "loss": 1, "accuracy": nothing}""", "is no JSON (")]
    public void ABrokenLineIsRefusedWithTheRule(string text, string message)
    {
        var mistake = Assert.Throws<MetricsMistakeException>(() => MetricsLine.Read(text, s_metrics, 2));
        Assert.Contains(message, mistake.Message);
    }
}
