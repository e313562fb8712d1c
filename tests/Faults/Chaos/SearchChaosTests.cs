using Tests.Faults.Search;

namespace Tests.Faults.Chaos;

/// <summary>Every pair of sampler and scheduler that is run over real processes, under kills.</summary>
public sealed class SearchChaosTests
{
    [Fact]
    public Task SevenPairsGiveOneDigestOnOneSiloAndOnThreeThatAreKilled()
    {
        Soak.Only();
        return SearchTests.GiveOneDigest(SearchTests.Pairs);
    }
}
