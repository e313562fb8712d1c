using Grains.Interfaces.Model;

namespace Tests.Unit.Specs;

public sealed class EpochRangeTests
{
    [Fact]
    public void NeighboursBecomeOneRange() => Assert.Equal([new(1, 3), new(5, 5), new(7, 8)], EpochRange.Of([7, 1, 2, 3, 5, 8]));

    [Fact]
    public void NothingIsNoRange() => Assert.Empty(EpochRange.Of([]));
}
