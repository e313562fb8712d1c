using Grains.Interfaces.Model;
using Grains.Storage.Journal;

namespace Tests.Cluster;

public sealed class LeaseBrokerTests
{
    [Fact]
    public async Task TrainingIsLeasedToOneSlotAndThatSlotGetsItAgainWhenItAsksAgain()
    {
        await using var silo = await BrokerSilo.Start();
        await silo.Demand("a", "only");
        var grants = await Task.WhenAll(silo.Acquire(0), silo.Acquire(1), silo.Acquire(2));
        var grant = Assert.Single(grants.OfType<Grains.Interfaces.LeaseGrant>());
        Assert.Equal((BrokerSilo.Name("only"), 1, 5), (grant.Recipe, grant.Attempt, grant.Milestones[^1]));
        Assert.Equivalent(grant, await silo.Acquire(Array.IndexOf(grants, grant)));
    }

    [Fact]
    public async Task SweepsShareTheSlots()
    {
        await using var silo = await BrokerSilo.Start();
        await silo.Demand("a", "a1", "a2", "a3");
        await silo.Demand("b", "b1", "b2", "b3");
        var order = new List<Digest>();
        for (int slot = 0; slot < 4; slot++) order.Add((await silo.Acquire(slot))!.Recipe);
        Assert.Equal(((string[])["a1", "b1", "a2", "b2"]).Select(BrokerSilo.Name), order);
    }

    [Fact]
    public async Task TrainingThatTwoSweepsDemandIsLeasedOnce()
    {
        await using var silo = await BrokerSilo.Start();
        await silo.Demand("a", "shared");
        await silo.Demand("b", "shared", "own");
        var order = new List<Digest?>();
        for (int slot = 0; slot < 3; slot++) order.Add((await silo.Acquire(slot))?.Recipe);
        Assert.Equal([BrokerSilo.Name("shared"), BrokerSilo.Name("own"), null], order);
    }

    /// <summary>What no silo can train keeps its place, blocks nobody, and says why it waits.</summary>
    [Fact]
    public async Task TrainingIsOfferedToASiloThatHasItsCodeAndToNoOther()
    {
        const string One = "way adam:1 dense:1", Two = "way adam:2 dense:1";
        await using var silo = await BrokerSilo.Start();
        await silo.Demand("a", "way/adam:2,dense:1", ["second"]);
        await silo.Demand("b", "way/adam:1", ["first"]);
        Assert.Equal(BrokerSilo.Name("first"), (await silo.Acquire(0, code: One))?.Recipe);
        Assert.Null(await silo.Acquire(1, code: One));

        var waiting = Assert.Single((await silo.Broker.Queue(CancellationToken.None)).Waiting);
        Assert.Equal(BrokerSilo.Name("second"), waiting.Recipe);
        Assert.Equal("no silo can train this: the recipe needs adam:2, and silo-1 has adam:1; " +
            "start a silo of that version, or submit the sweep again", waiting.Obstacle);
        // A silo of a release that named nothing has none of the code that recipes name.
        Assert.Null(await silo.Acquire(0, "old", code: null));
        Assert.Equal(BrokerSilo.Name("second"), (await silo.Acquire(0, "new", Two))?.Recipe);
        Assert.Empty((await silo.Broker.Queue(CancellationToken.None)).Waiting);
    }

    [Fact]
    public async Task WhatOneSiloCanTrainHasNoObstacle()
    {
        await using var silo = await BrokerSilo.Start();
        Assert.Null(await silo.Acquire(0, "one", "way adam:1"));
        Assert.Null(await silo.Acquire(0, "two", "way adam:2"));
        await silo.Demand("a", "way/adam:2", ["r", "s"]);
        Assert.NotNull(await silo.Acquire(0, "two", "way adam:2"));
        Assert.Null(Assert.Single((await silo.Broker.Queue(CancellationToken.None)).Waiting).Obstacle);
    }

    [Fact]
    public async Task DemandWakesASlotThatWaits()
    {
        await using var silo = await BrokerSilo.Start();
        await silo.Broker.Ping(TestContext.Current.CancellationToken);
        var waiting = silo.Acquire(0);
        await silo.Demand("a", "late");
        // The training is taken by the request that waited, or by the next when that one's wait was over just before.
        Assert.Equal(BrokerSilo.Name("late"), (await waiting ?? await silo.Acquire(0))?.Recipe);
    }

    [Fact]
    public async Task TrainingWhoseLeaseRanOutGoesToAnotherSlotAndItsOldAttemptWritesNoMore()
    {
        await using var silo = await BrokerSilo.Start();
        await silo.Demand("a", "r");
        var lost = (await silo.Acquire(0))!;
        silo.Clock.Advance(BrokerSilo.Options.LeaseDuration + TimeSpan.FromSeconds(1));

        Grains.Interfaces.LeaseGrant? next = null;
        // Each request waits for work.
        for (int attempt = 0; attempt < 10 && next is null; attempt++) next = await silo.Acquire(1);
        Assert.Equal((lost.Recipe, 2), (next!.Recipe, next.Attempt));
        Assert.False(await silo.Writer.Write(j => j.Lives(lost.Recipe, lost.Attempt)));
        Assert.False(await silo.Writer.Write(j => j.Renew(lost.Recipe.Value, lost.Attempt, long.MaxValue)));
        Assert.True(await silo.Writer.Write(j => j.Lives(next.Recipe, next.Attempt)));
    }

    [Fact]
    public async Task TrainingWhoseSilosAreLostIsTriedAgainWithoutBoundAndAloneInTheEnd()
    {
        await using var silo = await BrokerSilo.Start();
        await silo.Demand("a", "unlucky");
        var recipe = BrokerSilo.Name("unlucky");
        for (int attempt = 1; attempt <= 3 * BrokerSilo.Options.LossesBeforeAlone; attempt++)
        {
            Grains.Interfaces.LeaseGrant? grant = null;
            for (int i = 0; i < 10 && grant?.Attempt != attempt; i++) grant = await silo.Acquire(attempt);
            Assert.Equal(attempt, grant?.Attempt);
            silo.Clock.Advance(BrokerSilo.Options.LeaseDuration + TimeSpan.FromSeconds(1));
        }
        Assert.Null((await silo.Reader.Training(recipe))!.Failure);
    }
}
