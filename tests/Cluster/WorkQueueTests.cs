using Grains.Leases;
using Grains.Storage.Journal;

namespace Tests.Cluster;

public sealed class WorkQueueTests
{
    private readonly WorkQueue _queue = new();

    [Fact]
    public void SweepWithTheFewestTrainingsUnderWayGoesFirst()
    {
        for (int i = 0; i < 4; i++) Add("a", $"a{i}");
        Assert.Equal(["a0", "a1"], [Start(), Start()]);
        for (int i = 0; i < 4; i++) Add("b", $"b{i}");
        Assert.Equal(["b0", "b1", "a2", "b2"], [Start(), Start(), Start(), Start()]);
        _queue.Ended("a0");
        _queue.Ended("a1");
        Assert.Equal("a3", Start());
    }

    [Fact]
    public void TrainingThatWaitsTwiceIsTakenOnce()
    {
        Add("a", "r");
        Add("a", "r");
        Assert.Equal("r", Start());
        Assert.Null(Start());
    }

    [Fact]
    public void TrainingThatEndedIsNotTakenUpBecauseItWaitedWhileItWasLeased()
    {
        // As after a broker's death, the new queue too lists what is under way elsewhere.
        Add("a", "leased");
        Add("a", "next");
        _queue.Ended("leased");
        Assert.Equal("next", Start());
        Assert.Null(Start());
    }

    [Fact]
    public void TrainingOfAnotherEnvironmentIsLeftForItsOwn()
    {
        Add("a", "theirs", "other");
        Add("a", "anybodys");
        Assert.Equal("anybodys", Start());
        Assert.Null(Start());
        Assert.Equal("theirs", _queue.Take("other", _ => false, _ => true)?.Recipe);
    }

    [Fact]
    public void TrainingUnderWayForAnotherSweepIsNotTakenAgain()
    {
        Add("a", "shared");
        Add("a", "own");
        Assert.Equal("own", _queue.Take("f", recipe => recipe == "shared", _ => true)?.Recipe);
        // It comes back when that lease ends.
        Add("a", "shared");
        Assert.Equal("shared", Start());
    }

    [Fact]
    public void RemovedSweepWaitsForNothingAndWhatItHasUnderWayCounts()
    {
        Add("a", "a0");
        Start();
        Add("a", "a1");
        _queue.Remove("a");
        Assert.Null(Start());
        Add("a", "a2");
        Add("b", "b0");
        Assert.Equal(["b0", "a2"], [Start(), Start()]);
    }

    [Fact]
    public void TrainingThatMayNotBeginKeepsItsPlace()
    {
        Add("a", "first");
        Add("a", "second");
        Assert.Equal("second", _queue.Take("f", _ => false, work => work.Recipe != "first")?.Recipe);
        Add("a", "third");
        Assert.Equal(["first", "third"], [Start(), Start()]);
    }

    private void Add(string sweep, string recipe, string? fingerprint = null) =>
        _queue.Add(new WorkRow { Sweep = sweep, Recipe = recipe, First = 1, Fingerprint = fingerprint });

    private string? Start()
    {
        var work = _queue.Take("f", _ => false, _ => true);
        if (work is not null) _queue.Started(work.Sweep, work.Recipe);
        return work?.Recipe;
    }
}
