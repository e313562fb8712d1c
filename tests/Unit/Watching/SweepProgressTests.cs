using Client.Watching;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;

namespace Tests.Unit.Watching;

public sealed class SweepProgressTests
{
    private readonly SetTime _time = new();
    private readonly SweepProgress _progress;

    public SweepProgressTests() => _progress = new SweepProgress(_time);

    [Fact]
    public void TimeLeftIsNotToldBeforeEachRunningTrialHasMadeAFewEpochs()
    {
        Tell(done: 0);
        for (int second = 1; second <= 20; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Tell(done: second / 10);
        }
        Assert.Equal("", _progress.TimeLeft());

        _time.Advance(TimeSpan.FromSeconds(20));
        Tell(done: 6);
        Assert.Equal(TimeSpan.FromSeconds(40) * (94.0 / 6), _progress.Left());
    }

    [Fact]
    public void TimeLeftIsNotToldInTheFirstSecondsHoweverManyEpochsTheyHave()
    {
        Tell(done: 0);
        _time.Advance(TimeSpan.FromSeconds(2));
        Tell(done: 50);
        Assert.Equal("", _progress.TimeLeft());
    }

    [Fact]
    public void EpochsThatWereReusedAreNoSignOfSpeed()
    {
        Tell(done: 0, SweepState.Preparing, running: 0);
        _time.Advance(TimeSpan.FromSeconds(10));
        // There were 60 epochs already.
        Tell(done: 60);
        _time.Advance(TimeSpan.FromSeconds(10));
        Tell(done: 70);
        Assert.Equal(TimeSpan.FromSeconds(30), _progress.Left());
    }

    [Fact]
    public void APauseIsNoTimeOfTraining()
    {
        Tell(done: 0);
        _time.Advance(TimeSpan.FromSeconds(10));
        Tell(done: 10, SweepState.Paused, running: 0);
        _time.Advance(TimeSpan.FromHours(1));
        Tell(done: 10);
        _time.Advance(TimeSpan.FromSeconds(10));
        Tell(done: 20);
        Assert.Equal(TimeSpan.FromSeconds(80), _progress.Left());
    }

    private void Tell(long done, SweepState state = SweepState.Running,
        int running = 2) => _progress.Apply(new Snapshot(WatchCursor.Start, new SweepSummary
        {
            Id = new SweepId("rates-p8qn6n"),
            Name = "rates",
            State = state,
            Reason = null,
            Submitted = DateTimeOffset.UnixEpoch,
            Ended = null,
            Trials = new TrialCounts(2, running, 0, 0, 0, 0, 0),
            EpochsDone = done,
            EpochsAsked = 100,
            Best = null,
            BestTrial = null,
            Objective = Analysis.Facts.BestAccuracy,
            Metrics = ClassifierResult.Metrics,
            TraceId = null,
            EpochsTrained = done,
            EpochsToTrain = 100,
            Digest = null,
        }, []));
}
