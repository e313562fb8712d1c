using Grains.Interfaces.Model;

namespace Tests.Unit.Specs;

public sealed class RecipeDifferenceTests
{
    [Fact]
    public void WhatDiffersIsNamedByItsPath()
    {
        var differences = Between("training: {learning_rate: 1e-3}", "training: {learning_rate: 1e-4}");
        Assert.Equal([new("optimizer.learning_rate", "0.001", "0.0001")], differences);
    }

    [Fact]
    public void ASettingThatActsOnOneSideOnlyIsAbsentOnTheOther()
    {
        var differences = Between("", "model: {dropout: 0.5, hidden: [7]}");
        Assert.Equal([new("model.dropout", null, "0.5"), new("model.hidden", "[300,150]", "[7]")], differences);
    }

    [Fact]
    public void EqualRecipesDifferInNothing() => Assert.Empty(Between("", "training: {momentum: 0.9, epochs: 40}"));

    private static IReadOnlyList<RecipeDifference> Between(string one, string other) => RecipeDifference.Of(Json(one), Json(other));

    private static string Json(string text) => Canonical.Json(SpecFiles.Plan(text).Points[0].Configuration);
}
