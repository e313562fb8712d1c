using System.Runtime.CompilerServices;
using Client;
using Client.Watching;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Orleans.Runtime;

namespace Tests.Unit.Watching;

/// <summary>A watch goes on wherever an enumeration breaks off. It tells of a silence only when it is one.</summary>
public sealed class WatcherTests
{
    private readonly HastyTime _time = new();
    private readonly Shown _shown = new();

    [Fact]
    public async Task AHealthyWatchWhoseEnumerationsBreakOffGoesOnFromItsCursorAndSaysNothing()
    {
        const int Updates = 12;
        var begun = new List<long>();
        await Follow(Broken);
        Assert.Equal(Enumerable.Range(1, Updates), _shown.Events.Select(e => (int)e));
        Assert.Equal(Enumerable.Range(0, Updates), begun.Select(e => (int)e));
        Assert.Empty(_shown.Lost);

        // Each enumeration brings one update, and is aborted a second later. The last one ends by itself.
        async IAsyncEnumerable<SweepUpdate> Broken(WatchCursor cursor,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            begun.Add(cursor.Event);
            await Task.Delay(TimeSpan.FromSeconds(2), _time, cancellationToken);
            yield return new LifecycleChanged(cursor with { Event = cursor.Event + 1 }, "Noted", null, null);
            await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellationToken);
            if (cursor.Event + 1 < Updates) throw new EnumerationAbortedException("Another worker of the silo got the call.");
        }
    }

    [Fact]
    public async Task ASilenceIsToldAfterSecondsAndEndsTheWatchAfterMinutes()
    {
        var given = await Assert.ThrowsAsync<CommandException>(() => Follow(Silent));
        Assert.Equal(ExitCodes.NoCluster, given.ExitCode);
        Assert.Contains("`sweep watch s` resumes", given.Message, StringComparison.Ordinal);
        Assert.InRange(_time.Elapsed, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
        Assert.InRange(_shown.Lost[0], TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(10));

        async IAsyncEnumerable<SweepUpdate> Silent(WatchCursor cursor,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), _time, cancellationToken);
            if (cursor.Event == 0) throw new TimeoutException("No silo answers.");
            yield break;
        }
    }

    [Theory]
    [InlineData(FailureClass.Diverged, null, false)]
    [InlineData(FailureClass.Diverged, FailureClass.Crashed, true)]
    [InlineData(FailureClass.OutOfMemory, null, true)]
    public void ARetryIsRecommendedOnlyWhereItCanHelp(FailureClass one, FailureClass? other, bool recommended)
    {
        TrialView[] failed = [.. new[] { one, other }.OfType<FailureClass>().Select(Failed)];
        string next = Watcher.WhatNext(Completed with { Trials = new(0, 0, 0, 1, 0, failed.Length, 0) }, failed);
        Assert.Equal(recommended, next.Contains("`sweep retry s`", StringComparison.Ordinal));
        Assert.Contains("`sweep trials s`", next, StringComparison.Ordinal);
    }

    private Task<SweepSummary> Follow(Func<WatchCursor, CancellationToken, IAsyncEnumerable<SweepUpdate>> watch) =>
        Watcher.Follow(ScriptedReader.Of(cursor => watch(cursor, Token), Completed), new SweepId("s"), WatchCursor.Start,
            new SweepProgress(_time), new Recorder(_shown, _time), _time, Token);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static SweepSummary Completed { get; } = new()
    {
        Id = new SweepId("s"),
        Name = "s",
        State = SweepState.Completed,
        Reason = null,
        Submitted = default,
        Ended = default,
        Trials = default,
        EpochsDone = 0,
        EpochsAsked = 0,
        Best = null,
        BestTrial = null,
        Objective = new Objective("validation_accuracy", Goal.Maximize, ReadAt.Best),
        Metrics = ClassifierResult.Metrics,
        TraceId = null,
        EpochsTrained = 0,
        EpochsToTrain = null,
        Digest = null,
    };

    private static TrialView Failed(FailureClass failure) => new()
    {
        Number = 1,
        Label = "",
        Replicate = 1,
        State = TrialState.Failed,
        Reason = "why",
        Epoch = 0,
        Epochs = 1,
        Objective = null,
        Silo = null,
        Attempt = 1,
        Recipe = Digest.Of("r"u8),
        Reused = [],
        Fork = null,
        Failure = failure,
    };

    private sealed class Shown
    {
        public List<long> Events { get; } = [];

        public List<TimeSpan> Lost { get; } = [];
    }

    private sealed class Recorder(Shown shown, HastyTime time) : IWatchView
    {
        public void Show(SweepUpdate update) => shown.Events.Add(update.Cursor.Event);

        public void Lost(string why) => shown.Lost.Add(time.Elapsed);

        public void End(SweepSummary summary)
        {
            // The returned summary says it.
        }
    }

    /// <summary>Lets a delay pass at once. The clock shows that it has passed.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public TimeSpan Elapsed { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero) Elapsed += dueTime;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
