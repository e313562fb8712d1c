using Grains.Analysis.Effects;

namespace Tests.Unit.Analysis.Effects;

/// <summary>The functions below the effects, beside values from SciPy.</summary>
public sealed class StatisticsTests
{
    [Theory]
    [InlineData(1, 12.706204736174694)]
    [InlineData(2, 4.302652729749462)]
    [InlineData(4, 2.776445105197793)]
    [InlineData(19, 2.093024054408309)]
    [InlineData(999, 1.9623414611334487)]
    public void QuantilesOfStudentAreThoseOfItsTable(double freedom, double expected) =>
        Assert.Equal(expected, StudentT.Critical(0.05, freedom), 8);

    [Theory]
    [InlineData(2, 10, 0.07338803477074037)]
    [InlineData(0, 3, 1)]
    [InlineData(63.65674116287399, 1, 0.01)]
    public void TailsOfStudentAreThoseOfItsTable(double t, double freedom, double expected) =>
        Assert.Equal(expected, StudentT.TwoSided(t, freedom), 10);

    [Fact]
    public void PowerWithoutADifferenceIsTheLevel()
    {
        foreach (int count in (int[])[2, 3, 5, 20, 500]) Assert.Equal(0.05, StudentT.Power(0, count, 0.05), 5);
    }

    [Fact]
    public void TheSmallestCountIsTheFirstWithEnoughPower()
    {
        // The textbook's one-sample case: 34 values find half a deviation with 80 %.
        Assert.Equal(34, StudentT.CountFor(0.5, 0.8, 0.05, 1000));
        Assert.Equal(34, StudentT.CountFor(-0.5, 0.8, 0.05, 1000));
        Assert.Null(StudentT.CountFor(0.01, 0.8, 0.05, 1000));
        Assert.Null(StudentT.CountFor(0, 0.8, 0.05, 1000));
    }

    [Fact]
    public void HolmMultipliesByWhatIsLeftAndNeverFalls()
    {
        Assert.Equal([0.03, 0.06, 0.06, null], Holm.Correct([0.01, 0.04, 0.03, null]));
        Assert.Equal([1, 1], Holm.Correct([0.6, 0.9]));
        Assert.Empty(Holm.Correct([]));
    }

    [Fact]
    public void OfACompleteTableEverythingIsChosen()
    {
        var (configurations, replicates) = BalancedBlock.Of([[true, true], [true, true], [true, true]]);
        Assert.Equal([0, 1, 2], configurations);
        Assert.Equal([0, 1], replicates);
    }

    [Fact]
    public void ReplicatesAreWorthMoreThanConfigurations()
    {
        // One gap in three by three: two configurations in three replicates say more than three in two.
        var (configurations, replicates) = BalancedBlock.Of([[true, true, true], [true, false, true], [true, true, true]]);
        Assert.Equal([0, 2], configurations);
        Assert.Equal([0, 1, 2], replicates);
    }

    [Fact]
    public void AReplicateThatLacksMostIsLeftOut()
    {
        bool[][] present = [.. Enumerable.Range(0, 10).Select(i => (bool[])[true, true, true, i < 2])];
        var (configurations, replicates) = BalancedBlock.Of(present);
        Assert.Equal(10, configurations.Length);
        Assert.Equal([0, 1, 2], replicates);
    }

    [Fact]
    public void WithoutAnyPairThereIsNoBlock()
    {
        var (configurations, replicates) = BalancedBlock.Of([[false, false]]);
        Assert.Empty(configurations);
        Assert.Empty(replicates);
    }

    [Fact]
    public void WithOneReplicateEachTheReplicateWithMostConfigurationsIsChosen()
    {
        var (configurations, replicates) = BalancedBlock.Of([[true, false], [false, true], [false, true]]);
        Assert.Equal([1, 2], configurations);
        Assert.Equal([1], replicates);
    }

    [Fact]
    public void RankCorrelationSeesOrderAlone()
    {
        (double, double)[] points = [.. Enumerable.Range(1, 10).Select(i => ((double)i, Math.Exp(i)))];
        Assert.Equal(1, RankCorrelation.Of(points)!.Value);
        Assert.Equal(-1, RankCorrelation.Of([.. points.Select(p => (p.Item1, -p.Item2))])!.Value);
        Assert.Null(RankCorrelation.Of(points[..5]));
        Assert.Null(RankCorrelation.Of([.. points.Select(p => (p.Item1, 1.0))]));
    }
}
