using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Search;
using Grains.Search.Proposals;

namespace Tests.Unit.Search;

public sealed class EvidenceTests
{
    private const double Infinite = double.PositiveInfinity;

    [Fact]
    public void TheDeepestRungWithEnoughFiniteLossesCounts()
    {
        var history = History([(0, 3, 5), (1, 3, 6), (2, 3, 7), (3, 3, 8), (0, 9, 1), (1, 9, 2), (2, 9, Infinite), (0, 27, 0)]);
        Assert.Equal([1, 2, 6, 4], Evidence.Of(history, 10, 2)!.Losses);
        Assert.Equal([5, 6, 7, 8], Evidence.Of(history, 10, 4)!.Losses);
        Assert.Null(Evidence.Of(history, 1, 5));
    }

    [Fact]
    public void WithOneRungTheStartupIsEnough()
    {
        var history = History([(0, 50, 1), (1, 50, 2), (2, 50, Infinite)]);
        Assert.NotNull(Evidence.Of(history, 2, 10));
        Assert.Null(Evidence.Of(history, 3, 1));
    }

    [Fact]
    public void APointThatDivergedIsWorseThanTheWorst() =>
        Assert.Equal([1, 2, 4, 6], Evidence.Of(History([(0, 5, 1), (1, 5, 2), (2, 5, 4), (3, 5, Infinite)]), 3, 3)!.Losses);

    /// <summary>Points 0 to 2 gained 4 from rung 3 to rung 9. The others were stopped at rung 3.</summary>
    [Fact]
    public void AStoppedPointCountsWithItsLastLossMovedAndNotAsBetterThanTheMedian()
    {
        var history = History([(0, 3, 5), (1, 3, 6), (2, 3, 7), (3, 3, 20), (4, 3, 2), (0, 9, 1), (1, 9, 2), (2, 9, 3)]);
        Assert.Equal([1, 2, 3, 16, 2], Evidence.Of(history, 10, 3)!.Losses);
    }

    private static SearchHistory History(IEnumerable<(int Index, int Epochs, double Loss)> losses)
    {
        var point = new SearchPoint(ImmutableSortedDictionary<string, SettingValue>.Empty, []);
        return new([.. losses.Select(l => new Observation(l.Index, point, l.Epochs, l.Loss))], []);
    }
}
