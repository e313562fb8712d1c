using Grains.Interfaces.Model;
using Grains.Training.Data;

namespace Tests.Unit.Data;

public class DatasetCacheTests
{
    private int _loads;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ManyAskersShareOneLoad()
    {
        using var gate = new ManualResetEventSlim();
        using var cache = new DatasetCache(new(), (spec, _) =>
        {
            gate.Wait(Token);
            return Count(spec);
        });
        var waiting = Enumerable.Range(0, 50).Select(_ => cache.GetAsync(Spec(1), Token)).ToArray();
        gate.Set();
        var found = await Task.WhenAll(waiting);
        Assert.All(found, data => Assert.Same(found[0], data));
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task EachSpecIsItsOwnEntry()
    {
        using var cache = new DatasetCache(new(), (spec, _) => Count(spec));
        var one = await cache.GetAsync(Spec(1), Token);
        Assert.NotSame(one, await cache.GetAsync(Spec(2), Token));
        Assert.Same(one, await cache.GetAsync(Spec(1), Token));
        Assert.Equal(2, _loads);
    }

    [Fact]
    public async Task AFailedLoadIsTriedAgain()
    {
        using var cache = new DatasetCache(new(), (spec, _) => _loads == 0 ? throw Fail() : Count(spec));
        await Assert.ThrowsAsync<SpecException>(() => cache.GetAsync(Spec(1), Token));
        Assert.NotNull(await cache.GetAsync(Spec(1), Token));

        SpecException Fail()
        {
            _loads++;
            return new SpecException("not yet");
        }
    }

    [Fact]
    public async Task TheLeastRecentlyUsedGoesFirst()
    {
        // Each data set holds 12 pixels and 3 labels, which are 60 bytes, so that two fit.
        using var cache = new DatasetCache(new() { MaxBytes = 130 }, (spec, _) => Count(spec));
        var one = await cache.GetAsync(Spec(1), Token);
        await cache.GetAsync(Spec(2), Token);
        await cache.GetAsync(Spec(1), Token);
        await cache.GetAsync(Spec(3), Token);
        Assert.Same(one, await cache.GetAsync(Spec(1), Token));
        Assert.Equal(3, _loads);
        await cache.GetAsync(Spec(2), Token);
        Assert.Equal(4, _loads);
    }

    [Fact]
    public async Task TheOneUsedLastStaysHoweverLarge()
    {
        using var cache = new DatasetCache(new() { MaxBytes = 1 }, (spec, _) => Count(spec));
        Assert.Same(await cache.GetAsync(Spec(1), Token), await cache.GetAsync(Spec(1), Token));
    }

    [Fact]
    public async Task GivingUpWaitingDoesNotStopTheLoadForAnother()
    {
        using var gate = new ManualResetEventSlim();
        using var impatient = new CancellationTokenSource();
        using var cache = new DatasetCache(new(), (spec, _) =>
        {
            gate.Wait(Token);
            return Count(spec);
        });
        var first = cache.GetAsync(Spec(1), impatient.Token);
        var other = cache.GetAsync(Spec(1), Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.Set();
        Assert.NotNull(await other);
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task LoadEndsWithTheLastWhoWaitsForItAndTheNextBeginsAnother()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var impatient = new CancellationTokenSource();
        using var cache = new DatasetCache(new(), (spec, cancellation) =>
        {
            if (spec == Spec(2) || stopped.Task.IsCompleted) return Count(spec);
            begun.SetResult();
            cancellation.WaitHandle.WaitOne();
            stopped.SetResult();
            throw new OperationCanceledException(cancellation);
        });
        var only = cache.GetAsync(Spec(1), impatient.Token);
        // A load that has not begun is not stopped, because it never begins.
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => only);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.NotNull(await cache.GetAsync(Spec(1), Token));
        Assert.Equal(1, _loads);
    }

    private static PhantomData Spec(long seed) => new() { Seed = seed };

    private Dataset Count(DataSpec spec)
    {
        Interlocked.Increment(ref _loads);
        var split = new ImageSplit(new float[4], [0]);
        return new Dataset(new DataIdentity(Canonical.DigestOf(spec), 2, 2, 2, 1, 1, 1), ["a", "b"], split, split, split);
    }
}
