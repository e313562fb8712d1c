using Grains.Interfaces.Model;
using Grains.Storage.Checkpoints;

namespace Tests.Contracts.Checkpoints;

public sealed class CheckpointCacheTests
{
    private static readonly Digest First = Digest.Of("first"u8), Second = Digest.Of("second"u8), Third = Digest.Of("third"u8);

    private readonly List<Digest> _fetched = [];

    [Fact]
    public async Task SlotsThatAskAtOnceFetchOnce()
    {
        int fetches = 0;
        using var together = new Barrier(4);
        var cache = new CheckpointCache(_ =>
        {
            Interlocked.Increment(ref fetches);
            return new byte[8];
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                return cache.Get(First);
            }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(1, fetches);
        Assert.All(answers, bytes => Assert.Same(answers[0], bytes));
    }

    [Fact]
    public void TheLeastRecentlyUsedLeavesFirst()
    {
        var cache = Cache(bytesEach: 4, capacity: 8);

        cache.Get(First);
        cache.Get(Second);
        cache.Get(First);
        cache.Get(Third);
        cache.Get(First);
        cache.Get(Second);

        Assert.Equal([First, Second, Third, Second], _fetched);
    }

    [Fact]
    public void ACheckpointLargerThanTheCacheIsHandedOutAndNotKept()
    {
        var cache = Cache(bytesEach: 9, capacity: 8);

        Assert.Equal(9, cache.Get(First).Length);
        cache.Get(First);

        Assert.Equal([First, First], _fetched);
    }

    [Fact]
    public void AFailureIsNotKept()
    {
        bool damaged = true;
        var cache = new CheckpointCache(digest => damaged ? throw new CheckpointDamagedException("file", digest, First) : [1]);

        Assert.Throws<CheckpointDamagedException>(() => cache.Get(Second));
        damaged = false;

        Assert.Equal([1], cache.Get(Second));
    }

    private CheckpointCache Cache(int bytesEach, long capacity) => new(
        digest =>
        {
            _fetched.Add(digest);
            return new byte[bytesEach];
        }, capacity);
}
