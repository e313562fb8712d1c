using Grains.Storage.Journal;

namespace Tests.Cluster;

/// <summary>Somebody sets the system's clock while trainings are leased.</summary>
public sealed class SetClockTests
{
    [Fact]
    public async Task LeaseThatNobodyRenewsEndsThoughTheClockWasSetBack()
    {
        await using var silo = await BrokerSilo.Start();
        await silo.Demand("a", "r");
        var lost = (await silo.Acquire(0))!;
        silo.Clock.Set(TimeSpan.FromHours(-1));
        silo.Clock.Advance(BrokerSilo.Options.LeaseDuration + TimeSpan.FromSeconds(1));

        Grains.Interfaces.LeaseGrant? next = null;
        // Each request waits for work.
        for (int i = 0; i < 10 && next is null; i++) next = await silo.Acquire(1);
        Assert.Equal((lost.Recipe, 2), (next?.Recipe, next?.Attempt));
    }

    [Fact]
    public async Task LeaseThatIsRenewedLivesThoughTheClockWasSetForward()
    {
        await using var silo = await BrokerSilo.Start();
        await silo.Demand("a", "r");
        var held = (await silo.Acquire(0))!;
        silo.Clock.Set(TimeSpan.FromHours(1));
        // This request waits while the broker looks at its leases.
        Assert.Null(await silo.Acquire(1));
        Assert.True(await silo.Writer.Write(
            j => j.Renew(held.Recipe.Value, held.Attempt, silo.Clock.GetUtcNow().ToUnixTimeMilliseconds())));
        Assert.Null(await silo.Acquire(1));
        Assert.Equal(held.Attempt, (await silo.Acquire(0))?.Attempt);
    }
}
