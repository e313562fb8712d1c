using Grains.Storage.Journal;

namespace Tests.Unit.Reuse;

public sealed class CacheEntryTests
{
    private const long Day = TimeSpan.MillisecondsPerDay;
    private static readonly CacheEntry Entry = new() { Recipe = "r", Bytes = 1000, Seconds = 60, Used = 10 * Day, Shared = 1, Needed = 0 };

    [Fact]
    public void WhatIsCheaperToTrainAgainIsWorthLess() => Assert.True((Entry with { Seconds = 6 }).Worth(10 * Day) < Entry.Worth(10 * Day));

    [Fact]
    public void WhatIsLongerUnusedIsWorthLess() => Assert.True((Entry with { Used = 3 * Day }).Worth(10 * Day) < Entry.Worth(10 * Day));

    [Fact]
    public void WhatTakesMoreRoomIsWorthLess() => Assert.True((Entry with { Bytes = 2000 }).Worth(10 * Day) < Entry.Worth(10 * Day));

    [Fact]
    public void WhatOnlyAnEndedTrialCouldUseIsWorthNothing() => Assert.Equal(0, (Entry with { Shared = 0 }).Worth(10 * Day));
}
