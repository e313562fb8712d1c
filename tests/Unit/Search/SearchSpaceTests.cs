using System.Collections.Immutable;
using CsCheck;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Tests.Unit.Specs;

namespace Tests.Unit.Search;

public sealed class SearchSpaceTests
{
    private static readonly Gen<double[]> s_units = Gen.OneOf(Gen.Double[-0.1, 1.1], Gen.Const(0.0), Gen.Const(1.0)).Array[6];

    public static TheoryData<string> Names => [.. Spaces.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void APointMadeOfItsSettingsIsThePoint(string name)
    {
        var space = Spaces.All[name];
        s_units.Sample(units =>
        {
            var point = space.At(units.AsSpan(0, space.Dimensions.Length));
            var again = space.PointOf(point.Settings);
            Assert.Equal(point.Unit, again.Unit);
            Assert.Equal(point.Settings, again.Settings);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ACoordinateOfAPointMeansItsValueAgain(string name)
    {
        var space = Spaces.All[name];
        s_units.Sample(units =>
        {
            var point = space.At(units.AsSpan(0, space.Dimensions.Length));
            var again = space.At([.. point.Unit.Select(u => u ?? 0.5)]);
            Assert.Equal(point.Settings, again.Settings);
            var snapped = new double[space.Dimensions.Length];
            space.Snap(units.AsSpan(0, snapped.Length), snapped);
            for (int i = 0; i < snapped.Length; i++)
            {
                if (point.Unit[i] is { } unit) Assert.Equal(unit, snapped[i], 5e-6);
                else Assert.True(double.IsNaN(snapped[i]));
            }
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheEndsOfARangeAreMetExactly(bool log) => Gen.Select(Gen.Double[1e-9, 1e6], Gen.Double[1e-9, 1e6]).Sample((a, b) =>
    {
        double min = Math.Min(a, b), max = Math.Max(a, b);
        var dimension = new RealDimension("x", min, max, log);
        Assert.Equal(new NumberValue(min), dimension.ValueAt(0));
        Assert.Equal(new NumberValue(max), dimension.ValueAt(1));
        if (min < max) Assert.Equal((0, 1), (dimension.UnitOf(new NumberValue(min)), dimension.UnitOf(new NumberValue(max))));
    });

    [Fact]
    public void ARealNumberHasSixDigitsAndLiesInItsRange() => Gen.Double[0, 1].Sample(unit =>
    {
        double value = ((NumberValue)new RealDimension("x", 1.23456789e-5, 0.1, true).ValueAt(unit)).Number;
        Assert.InRange(value, 1.23456789e-5, 0.1);
        if (value != 1.23456789e-5) Assert.Equal(double.Parse(value.ToString("G6")), value);
        double narrow = ((NumberValue)new RealDimension("x", 1000, 1000.001, false).ValueAt(unit)).Number;
        Assert.Equal(1000 + unit * 0.001, narrow, 1e-8);
    });

    [Fact]
    public void AValueOutsideARangeHasTheCoordinateOfTheEnd()
    {
        var space = Spaces.Of(Spaces.Log("rate", 1e-4, 1e-1), Spaces.Whole("depth", 1, 4), Spaces.Numbers("batch", 16, 64));
        var point = space.PointOf(Settings(("rate", 5), ("depth", -3), ("batch", 1000)));
        Assert.Equal([1, 0.125, 0.75], point.Unit);
        Assert.Equal("5", point.Settings["rate"].ToString());
    }

    [Fact]
    public void WholeNumbersOnALogScaleHaveFairShares()
    {
        var dimension = new StepDimension("n", 1, 8, 1, true);
        var shares = Enumerable.Range(0, 100_000).Select(i => ((NumberValue)dimension.ValueAt((i + 0.5) / 100_000)).Number).CountBy(n => n)
            .ToDictionary(p => p.Key, p => p.Value / 100_000.0);
        Assert.Equal(8, shares.Count);
        for (int n = 1; n <= 8; n++) Assert.Equal(Math.Log((n + 0.5) / (n - 0.5)) / Math.Log(17), shares[n], 1e-4);
    }

    [Fact]
    public void AStepThatDoesNotMeetTheMaximumEndsBelowIt()
    {
        var dimension = new StepDimension("x", 0, 1, 0.3, false);
        Assert.Equal(["0", "0.3", "0.6", "0.9"], Enumerable.Range(0, 4).Select(k => dimension.ValueAt(dimension.UnitAt(k)).ToString()));
        Assert.Equal("0.9", dimension.ValueAt(1).ToString());
    }

    [Fact]
    public void NumbersAreOrderedAndWordsAreNot()
    {
        var space = Spaces.Of(Spaces.Numbers("batch", 64, 16, 256), Spaces.Words("kind", "b", "a"));
        Assert.Equal([true, false], space.Dimensions.Select(d => d.IsOrdered));
        Assert.Equal(["16", "64", "256"], ((ValuesDimension)space.Dimensions[0]).Values.Select(v => v.ToString()));
        Assert.Equal("b", space.At([0, 0]).Settings["kind"].ToString());
    }

    [Fact]
    public void AParameterWhoseConditionFailsIsLeftOut()
    {
        var space = Spaces.Conditional();
        Assert.Equal(["c", "model"], space.At([0, 0.5, 0.5, 0.5, 0.5, 0.5]).Settings.Keys);
        Assert.Equal(["layers", "model", "width1"], space.At([1, 0.5, 0, 0.5, 0.5, 0.5]).Settings.Keys);
        Assert.Equal(["layers", "model", "width1", "width2"], space.At([1, 0.5, 0.5, 0.5, 0.5, 0.5]).Settings.Keys);
        Assert.Equal(["drop", "layers", "model", "width1", "width2"], space.At([1, 0.5, 1, 0.5, 0.5, 0.5]).Settings.Keys);
    }

    [Fact]
    public void ASettingThatTheProgramDoesNotLookAtIsLeftOut()
    {
        var space = SearchSpace.Of(SpecFiles.Spec("""
            model: {hidden: []}
            parameters: {momentum: {values: [0, 0.9]}, optimizer: {values: [adam, sgd]}, dropout: {min: 0, max: 0.5, step: 0.1}}
            """));
        Assert.Equal(["optimizer"], space.At([0, 0, 0]).Settings.Keys);
        Assert.Equal(["momentum", "optimizer"], space.At([0, 1, 0]).Settings.Keys);
        Assert.Equal(3, space.Count);
    }

    [Fact]
    public void AConditionMayBeOnASharedSetting()
    {
        var spec = Spaces.Spec(Spaces.Real("x", 0, 1) with { When = new Condition("mode", ["full"]) });
        var program = (CommandSpec)spec.Program with { Parameters = ["x", "mode"] };
        SearchSpace With(string mode) =>
            SearchSpace.Of(spec with { Program = program, Shared = spec.Shared.Add("mode", new TextValue(mode)) });
        Assert.Equal([0.5], With("full").At([0.5]).Unit);
        Assert.Equal([null], With("half").At([0.5]).Unit);
    }

    [Fact]
    public void DistinctPointsAreCountedAndNumbered()
    {
        Assert.Null(Spaces.Conditional().Count);
        var space = Spaces.Of(
            Spaces.Numbers("width2", 1, 2, 3) with { When = new Condition("layers", ["2"]) }, Spaces.Whole("layers", 1, 2),
            Spaces.Words("act", "a", "b"));
        Assert.Equal(8, space.Count);
        var points = Enumerable.Range(0, 8)
            .Select(i => string.Join(" ", space.GridPoint(i).Settings.Select(s => $"{s.Key}={s.Value}"))).ToList();
        Assert.Equal(8, points.Distinct().Count());
        Assert.Equal("act=a layers=1", points[0]);
        Assert.Equal("act=b layers=1", points[1]);
    }

    [Fact]
    public void AListAndAWordCanBeValues()
    {
        var space = SearchSpace.Of(SpecFiles.Spec(
            "parameters: {hidden: {values: [[], [8], [8, 4]]}, batch_norm: {values: [true, false]}}"));
        Assert.Equal(5, space.Count);
        Assert.Equal([0.5, 0.25], space.At([0.5, 0]).Unit);
        Assert.Equal([1 / 6.0, null], space.At([0, 0]).Unit);
    }

    private static ImmutableSortedDictionary<string, SettingValue> Settings(params (string Name, double Value)[] settings) =>
        settings.ToImmutableSortedDictionary(s => s.Name, s => (SettingValue)new NumberValue(s.Value));
}
