using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Storage.Journal;
using Grains.Sweeps;
using Microsoft.Extensions.Logging.Abstractions;
using Tests.Shared;
using static Tests.Shared.ClassifierReadings;

namespace Tests.Contracts.Journal;

/// <summary>Every database that carries the journal must let silos do this, and refuse them that.</summary>
public abstract class JournalContract : IAsyncLifetime
{
    private static readonly SweepId Sweep = new("sweep-000001");
    private static readonly Digest Recipe = Digest.Of("recipe"u8), Other = Digest.Of("other"u8);

    private JournalWriter _writer = null!;
    private JournalReader _reader = null!;

    /// <summary>Creates an empty database.</summary>
    protected abstract JournalDatabase Database { get; }

    public async ValueTask InitializeAsync()
    {
        JournalSchema.Migrate(Database);
        _writer = new JournalWriter(Database, NullLogger<JournalWriter>.Instance);
        _reader = new JournalReader(Database);
        await _writer.Write(j =>
        {
            j.Submit(Rows.Sweep(Sweep.Value));
            j.Prepared(Sweep, 1, ["a", "b"], [Rows.Training(Recipe), Rows.Training(Other)],
                [Rows.Trial(Sweep.Value, 1, Recipe, 10), Rows.Trial(Sweep.Value, 2, Other, 10)]);
        });
    }

    public virtual ValueTask DisposeAsync()
    {
        _writer?.Dispose();
        _reader?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ManySilosMayMigrateAtOnceAndRepeatIt()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => JournalSchema.Migrate(Database), Token)));
        Assert.Single(await _reader.Sweeps());
    }

    [Fact]
    public async Task SweepSubmittedTwiceIsOneSweep()
    {
        Assert.False(await _writer.Write(j => j.Submit(Rows.Sweep(Sweep.Value) with { Name = "another" })));
        Assert.Equal(Sweep.Value, Assert.Single(await _reader.Sweeps()).Name);
    }

    [Fact]
    public async Task ForkTakesOverItsParentsMeasurementsBitByBit()
    {
        await Begin(Recipe);
        for (int epoch = 1; epoch <= 3; epoch++) await Measure(1, Measured(epoch, .5 / epoch));
        Digest fork = Digest.Of("fork"u8);
        var start = new ForkStart(Recipe.Value, 2, File("weights2"), File("optimizer2"), 1);
        await _writer.Write(j =>
        {
            j.Submit(Rows.Sweep("fork-1"));
            j.Prepared(new SweepId("fork-1"), 1, [], [Rows.Training(fork) with { Fork = start }], [Rows.Trial("fork-1", 1, fork, 5)]);
        });
        var taken = await _reader.WholeMeasurements(fork, 1, 10);
        Assert.Equal([(1, 0), (2, 0)], taken.Select(m => (m.Epoch, m.Attempt)));
        Assert.All(taken, m => Assert.True(m.ToMeasurement().SameNumbers(Measured(m.Epoch, .5 / m.Epoch))));
        Assert.Equal([(CheckpointKinds.State, 2)], (await _reader.Checkpoints(fork)).Select(c => (c.Kind, c.Epoch)));
    }

    [Fact]
    public async Task TrialOfASearchIsGrantedItsBudgetInParts()
    {
        var search = new SweepId("search-1");
        Digest third = Digest.Of("third"u8);
        await _writer.Write(j =>
        {
            j.Submit(Rows.Sweep(search.Value));
            j.Prepared(search, 1, [], [], []);
            j.AddTrials(search, 2, [Rows.Training(third)], [Rows.Trial(search.Value, 1, third, 9) with { Granted = 3, Own = "{}" }],
                demanded: true, SweepEvents.Proposed);
        });
        Assert.Equal([3], await _reader.Milestones(third));
        Assert.Empty(await _reader.Waiting(search));

        // At the rung it waits: nobody trains it, and it has not ended.
        await Begin(third);
        await _writer.Write(j => j.Checkpoint(third, 1, State(3), 5));
        Assert.Empty(await _reader.Milestones(third));
        Assert.Equal([third.Value], await _reader.Waiting(search));
        Assert.Empty(await _reader.Settled(search));
        Assert.Equal((3, 9, 1), Assert.Single(await _reader.Trials(search)) is var t ? (t.Visible, t.Epochs, t.Waits) : default);

        // It is stopped there, and keeps the weights of the rung.
        await _writer.Write(j => j.StopTrial(search, 6, 1, 3, "It was the last of three."));
        var stopped = Assert.Single(await _reader.Trials(search));
        Assert.Equal((TrialState.Stopped, 3, File("weights3").Value, "It was the last of three."),
            (stopped.State, stopped.Visible, stopped.FinalCheckpoint, stopped.Reason));
        Assert.Empty(await _reader.OpenTrials(search));

        // An extended search lets it go on; what has gone as far already stays, and a rung that lies behind stops nothing.
        Assert.True(await _writer.Write(j => j.GrantTrial(search, 7, 1, 9)));
        Assert.False(await _writer.Write(j => j.GrantTrial(search, 7, 1, 9)));
        await _writer.Write(j => j.StopTrial(search, 7, 1, 3, "late"));
        Assert.Equal([9], await _reader.Milestones(third));
        Assert.Equal(9, (await _reader.Sweep(search))!.EpochsAsked);

        await _writer.Write(j => j.Checkpoint(third, 1, State(9), 8));
        await _writer.Write(j => j.Settle(search, 9, [third.Value]));
        Assert.Equal((TrialState.Completed, File("weights9").Value),
            Assert.Single(await _reader.Trials(search)) is var e ? (e.State, e.FinalCheckpoint) : default);
    }

    [Fact]
    public async Task TrialThatFailsBelowItsBudgetEndsAlsoWhereAnotherSweepHasTheBudgetsState()
    {
        var search = new SweepId("search-1");
        await Begin(Recipe);
        await _writer.Write(j => j.Checkpoint(Recipe, 1, State(10), 5));
        await _writer.Write(j =>
        {
            j.Submit(Rows.Sweep(search.Value));
            j.Prepared(search, 1, [], [], []);
            j.AddTrials(search, 2, [], [Rows.Trial(search.Value, 1, Recipe, 10) with { Granted = 4, Own = "{}" }], true, SweepEvents.Proposed);
            j.Fail(Recipe, 1, TrainingFailure.Whole(FailureClass.Error, "its data are gone"));
        });
        Assert.Equal(FailureClass.Error, Assert.Single(await _reader.Settled(search)).Failure);
    }

    [Fact]
    public async Task NoteIsKeptOnceHoweverOftenASweepIsPrepared()
    {
        for (int i = 0; i < 2; i++) await _writer.Write(j => j.Note(Sweep, 5, "its pixels are dark"));
        await _writer.Write(j => j.Note(Sweep, 6, "colour turned grey"));
        Assert.Equal(["its pixels are dark", "colour turned grey"], await _reader.Notes(Sweep));
    }

    [Fact]
    public async Task WriteOfAPastTermIsRefusedAndLeavesNothing()
    {
        long? first = await _writer.Write(j => j.BeginTerm(Sweep));
        long? second = await _writer.Write(j => j.BeginTerm(Sweep));
        Assert.True(second > first);

        await Assert.ThrowsAsync<FencedException>(() => _writer.Write(j =>
        {
            j.EndSweep(Sweep, 5, SweepState.Cancelled, null, null);
            j.RequireTerm(Sweep, first!.Value);
        }));
        Assert.Equal(SweepState.Running, (await _reader.Sweep(Sweep))!.State);

        await _writer.Write(j =>
        {
            j.RequireTerm(Sweep, second!.Value);
            j.EndSweep(Sweep, 5, SweepState.Cancelled, null, null);
        });
        Assert.Equal(SweepState.Cancelled, (await _reader.Sweep(Sweep))!.State);
    }

    [Fact]
    public async Task BrokerOfAPastTermIsRefused()
    {
        long first = await _writer.Write(j => j.BeginBrokerTerm());
        await _writer.Write(j => j.BeginBrokerTerm());
        await Assert.ThrowsAsync<FencedException>(() => _writer.Write(j => j.RequireBrokerTerm(first)));
    }

    [Fact]
    public async Task LeaseCannotBeTakenTwice()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(slot => Begin(Recipe, slot)));
        Assert.Equal([1], taken.OfType<int>());

        Assert.True(await _writer.Write(j => j.EndAttempt(Recipe.Value, 1, 5, AttemptOutcome.Lost)));
        Assert.False(await _writer.Write(j => j.EndAttempt(Recipe.Value, 1, 6, AttemptOutcome.Lost)));
        Assert.Equal(2, await Begin(Recipe));
    }

    [Fact]
    public async Task ExpiredLeaseCannotBeRenewed()
    {
        await Begin(Recipe);
        Assert.True(await _writer.Write(j => j.Renew(Recipe.Value, 1, 50)));
        await _writer.Write(j => j.EndAttempt(Recipe.Value, 1, 60, AttemptOutcome.Lost));
        Assert.False(await _writer.Write(j => j.Renew(Recipe.Value, 1, 90)));
    }

    [Fact]
    public async Task FailedTrainingIsLeasedToNobody()
    {
        await Begin(Recipe);
        await _writer.Write(j => j.Fail(Recipe, 1, TrainingFailure.Whole(FailureClass.Invalid, "why")));
        await _writer.Write(j => j.EndAttempt(Recipe.Value, 1, 5, AttemptOutcome.Failed));
        Assert.Null(await Begin(Recipe));
        Assert.Equal(Other.Value, Assert.Single(await _reader.Work(Sweep)).Recipe);
        Assert.Equal((1, FailureClass.Invalid, "why"),
            Assert.Single(await _reader.Settled(Sweep)) is var s ? (s.Number, s.Failure, s.Reason) : default);
    }

    [Fact]
    public async Task WhatCanNoLongerBeMetIsNeitherOfferedNorClaimedAndARetryDoesNotForgetIt()
    {
        var sweep = await AnotherSweepOfTheRecipe(epochs: 2);
        await Begin(Recipe);
        await _writer.Write(j =>
        {
            j.Fail(Recipe, 1, new TrainingFailure(FailureClass.Diverged, 3, "diverged"));
            j.EndAttempt(Recipe, 1, 5, AttemptOutcome.Failed, advanced: true);
            j.Settle(Sweep, 6, [Recipe.Value]);
        });
        // Ten epochs cannot be had, but two can, so the training is offered for those alone.
        Assert.Equal([2], await _reader.Milestones(Recipe));
        Assert.Empty(await _reader.Settled(sweep));
        await _writer.Write(j => j.RetryTrial(Sweep, 7, 1, Recipe, demanded: true));
        Assert.Equal(FailureClass.Diverged, Assert.Single(await _reader.Settled(Sweep)).Failure);
        Assert.Equal([Other.Value], (await _reader.Work(Sweep)).Select(w => w.Recipe));
        await _writer.Write(j => j.DeleteSweep(sweep));
        Assert.Null(await Begin(Recipe));
    }

    [Fact]
    public async Task AttemptThatEndsByItselfWithoutAnEpochIsNotBegunAgainAndIsNamed()
    {
        await Begin(Recipe);
        await _writer.Write(j => j.EndAttempt(Recipe, 1, 5, AttemptOutcome.Met, advanced: false));
        Assert.Null(await Begin(Recipe));
        var stalled = Assert.Single(await _reader.Stalled());
        Assert.Equal((Sweep.Value, 1), (stalled.Sweep, stalled.Trial));
        Assert.Equal(FailureClass.Stalled, Assert.Single(await _reader.Settled(Sweep)).Failure);

        // A training that a person asks for again is begun again, and so is one that its silo gave back.
        await _writer.Write(j => j.RetryTrial(Sweep, 7, 1, Recipe, demanded: true));
        Assert.Equal(2, await Begin(Recipe));
        await _writer.Write(j => j.EndAttempt(Recipe, 2, 5, AttemptOutcome.Released, advanced: false));
        Assert.Equal(3, await Begin(Recipe));
        Assert.Empty(await _reader.Stalled());
    }

    [Fact]
    public async Task WhatFailsAsAWholeLeavesNothingToBeginThoughItWasKnownToDivergeLater()
    {
        await Begin(Recipe);
        var sweep = await AnotherSweepOfTheRecipe(epochs: 2);
        await _writer.Write(j =>
        {
            j.Fail(Recipe, 1, new TrainingFailure(FailureClass.Diverged, 3, "diverged"));
            j.EndAttempt(Recipe, 1, 5, AttemptOutcome.Failed, advanced: true);
        });
        Assert.Equal(2, await Begin(Recipe));
        await _writer.Write(j =>
        {
            j.Fail(Recipe, 2, TrainingFailure.Whole(FailureClass.Invalid, "its data are gone"));
            j.EndAttempt(Recipe, 2, 6, AttemptOutcome.Failed, advanced: false);
        });
        Assert.Null(await Begin(Recipe));
        Assert.Equal("its data are gone", Assert.Single(await _reader.Settled(sweep)).Reason);
    }

    [Fact]
    public async Task CancellingWithdrawsAllThatWasDemandedWhateverTheCoordinatorKnows()
    {
        await Begin(Recipe);
        await _writer.Write(j =>
        {
            j.Checkpoint(Recipe, 1, State(10), 1);
            j.EndAttempt(Recipe, 1, 5, AttemptOutcome.Met, advanced: true);
            j.Settle(Sweep, 6, [Recipe.Value]);
            j.DemandWeights(Sweep, 1, 7);
            j.CancelSweep(Sweep, 7);
        });
        Assert.Equal([TrialState.Completed, TrialState.Cancelled], (await _reader.Trials(Sweep)).Select(t => t.State));
        Assert.Empty(await _reader.Work(null));
        Assert.Equal(SweepState.Cancelled, (await _reader.Sweep(Sweep))!.State);
        await _writer.Write(j => j.CancelSweep(Sweep, 8)); // a second word changes nothing
        Assert.Single(await _reader.EventsAfter(Sweep, 0), e => e.Kind == "SweepCancelled");
    }

    [Fact]
    public async Task SweepCompletesOnlyAsWhatItsDigestWasMadeOf()
    {
        await _writer.Write(j =>
        {
            foreach (int trial in (int[])[1, 2]) j.EndTrial(Sweep, 5, trial, TrialState.Failed, FailureClass.Invalid, "why");
        });
        long seen = await _reader.LastEvent(Sweep);
        // Somebody retries while the digest is made.
        await _writer.Write(j => j.RetryTrial(Sweep, 6, 1, Recipe, demanded: true));
        Assert.False(await _writer.Write(j => j.CompleteSweep(Sweep, 7, null, seen)));
        await _writer.Write(j => j.EndTrial(Sweep, 8, 1, TrialState.Failed, FailureClass.Invalid, "again"));
        Assert.False(await _writer.Write(j => j.CompleteSweep(Sweep, 9, null, seen)));
        seen = await _reader.LastEvent(Sweep);
        Assert.True(await _writer.Write(j => j.CompleteSweep(Sweep, 10, null, seen)));
        Assert.False(await _writer.Write(j => j.CompleteSweep(Sweep, 11, null, seen + 1)));
    }

    [Fact]
    public async Task ExtensionThatIsBeingPreparedIsUnderWayUntilItIsThere()
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(100);
        Assert.Equal(now, await _reader.UnderWaySince(now));
        await _writer.Write(j => j.AskExtension(Sweep, 40, new AskedExtension("key", new SweepExtension(Replicates: 3), 0, 4)));
        Assert.Equal(40, (await _reader.UnderWaySince(now)).ToUnixTimeMilliseconds());
        Assert.Equal("key", (await _reader.PendingExtension(Sweep))?.Key);
        Assert.Null((await _reader.ExtensionOf(Sweep, "key"))!.Value.Outcome);
        await _writer.Write(j => j.NoteExtension(Sweep, 50, new SweepExtension(Replicates: 3)));
        Assert.Equal(now, await _reader.UnderWaySince(now));
        Assert.Null(await _reader.PendingExtension(Sweep));
        Assert.Equal(SweepEvents.Extended, (await _reader.ExtensionOf(Sweep, "key"))!.Value.Outcome);
        Assert.Null(await _reader.ExtensionOf(Sweep, "another"));
    }

    [Fact]
    public async Task WeightsAreDemandedOfATrainingThatWentFurtherUntilTheyAreThere()
    {
        await Begin(Recipe);
        await _writer.Write(j =>
        {
            j.Checkpoint(Recipe, 1, State(10), 1);
            j.EndAttempt(Recipe, 1, 5, AttemptOutcome.Met, advanced: true);
            j.Settle(Sweep, 6, [Recipe.Value]);
            j.DemandWeights(Sweep, 1, 7);
        });
        Assert.Equal([7], await _reader.Milestones(Recipe));
        Assert.Empty(await _reader.OrphanDemands());
        Assert.Equal(2, await Begin(Recipe));
        await _writer.Write(j =>
        {
            j.Checkpoint(Recipe, 2, State(7), 8);
            j.Checkpoint(Recipe, 2, new(BestLoss, 7, File("weights7"), null, 1), 8);
            j.RetireCheckpoints(Recipe);
        });
        Assert.Empty(await _reader.Milestones(Recipe));
        Assert.Contains((await _reader.Checkpoints(Recipe)), c => c.Epoch == 7 && c.Kind == BestLoss);
    }

    [Fact]
    public async Task MeasurementRepeatedWithTheSameBitsIsAcceptedAndWithOtherBitsContradicted()
    {
        await Begin(Recipe);
        Assert.Equal(WriteOutcome.Accepted, await Measure(1, Measured(1, .5)));
        Assert.Equal(WriteOutcome.Accepted, await Measure(1, Measured(1, .5) with { Seconds = 99 }));
        Assert.Equal(WriteOutcome.Contradicted, await Measure(1, Measured(1, Math.BitIncrement(.5))));
        Assert.Equal(WriteOutcome.Contradicted, await Measure(1, Measured(1, .5).With(r => r with { TestConfusion = [2, 1, 0, 1] })));
        var kept = Assert.Single(await _reader.WholeMeasurements(Recipe, 1, 10)).ToMeasurement();
        Assert.True(kept.SameNumbers(Measured(1, .5)));
        Assert.Equal(1, kept.Seconds);
    }

    [Fact]
    public async Task MeasurementThatIsNoNumberReadsBackAsItself()
    {
        await Begin(Recipe);
        foreach (var (epoch, loss) in ((int, double)[])[(1, double.NaN), (2, double.PositiveInfinity), (3, -0.0), (4, double.Epsilon)])
        {
            Assert.Equal(WriteOutcome.Accepted, await Measure(1, Measured(epoch, loss)));
            Assert.Equal(WriteOutcome.Accepted, await Measure(1, Measured(epoch, loss)));
        }
    }

    [Fact]
    public async Task AttemptThatIsOverWritesNothing()
    {
        await Begin(Recipe);
        await Measure(1, Measured(1, .5));
        await _writer.Write(j => j.EndAttempt(Recipe.Value, 1, 5, AttemptOutcome.Lost));
        Assert.Equal(2, await Begin(Recipe));

        Assert.Equal(WriteOutcome.Refused, await Measure(1, Measured(2, .4)));
        // Not even what is known already may be written, because the caller must stop.
        Assert.Equal(WriteOutcome.Refused, await Measure(1, Measured(1, .5)));
        Assert.Equal(WriteOutcome.Refused, await _writer.Write(j => j.Checkpoint(Recipe, 1, State(2), 5)));
        await _writer.Write(j => j.Fail(Recipe, 1, TrainingFailure.Whole(FailureClass.Error, "late")));
        Assert.Null((await _reader.Training(Recipe))!.Failure);
        Assert.Single(await _reader.Measurements(Recipe, 10));
        Assert.Empty(await _reader.Checkpoints(Recipe));

        Assert.Equal(WriteOutcome.Accepted, await Measure(2, Measured(1, .5)));
        Assert.Equal(WriteOutcome.Accepted, await Measure(2, Measured(2, .4)));
    }

    [Fact]
    public async Task WriteThatFailsInAGroupLeavesTheOthersCommitted()
    {
        await Begin(Recipe);
        using var hold = new ManualResetEventSlim();
        // Until here, the writes that follow gather behind it.
        var first = _writer.Write(_ => hold.Wait(Token));
        var writes = Enumerable.Range(1, 9).Select(epoch => epoch == 5
            ? _writer.Write<WriteOutcome>(j =>
            {
                j.Measure(Recipe, 1, Measured(epoch, .1));
                throw new InvalidOperationException("on purpose");
            })
            : Measure(1, Measured(epoch, .1))).ToList();
        hold.Set();
        await first;
        foreach (var (write, epoch) in writes.Zip(Enumerable.Range(1, 9)))
        {
            if (epoch == 5) await Assert.ThrowsAsync<InvalidOperationException>(() => write);
            else Assert.Equal(WriteOutcome.Accepted, await write);
        }
        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9], (await _reader.Measurements(Recipe, 10)).Select(m => m.Epoch));
    }

    [Fact]
    public async Task AGroupThatRunsTwiceAfterAPassingTroubleReturnsWhatItsLastRunFound()
    {
        using var hold = new ManualResetEventSlim();
        // Until here, the writes that follow gather behind it into one group.
        var first = _writer.Write(_ => hold.Wait(Token));
        int runs = 0;
        var group = Enumerable.Range(0, 3).Select(_ => _writer.Write(j => j.BeginBrokerTerm())).ToList();
        group.Add(_writer.Write(j =>
        {
            long term = j.BeginBrokerTerm();
            return ++runs == 1 ? throw new UnauthorizedAccessException("The disk is away for a moment.") : term;
        }));
        hold.Set();
        await first;
        Assert.Equal((long[])[1, 2, 3, 4], await Task.WhenAll(group));
        Assert.Equal(2, runs);
        Assert.Equal(5, await _writer.Write(j => j.BeginBrokerTerm()));
    }

    [Fact]
    public async Task WhatIsAcknowledgedIsThereForAnotherSilo()
    {
        await Begin(Recipe);
        using var another = new JournalWriter(Database, NullLogger<JournalWriter>.Instance);
        var writes = Enumerable.Range(1, 10)
            .Select(epoch => (epoch % 2 == 0 ? _writer : another).Write(j => j.Measure(Recipe, 1, Measured(epoch, .1))));
        Assert.All(await Task.WhenAll(writes), outcome => Assert.Equal(WriteOutcome.Accepted, outcome));
        var rows = await new JournalReader(Database).Measurements(Recipe, 10);
        Assert.Equal(Enumerable.Range(1, 10), rows.Select(m => m.Epoch));
        Assert.Equal(10, rows.Select(m => m.Sequence).Distinct().Count());
    }

    [Fact]
    public async Task RetentionKeepsTheNewestTwoStatesEveryTrialsEndAndTheBestOfEachBudget()
    {
        await Begin(Recipe);
        for (int epoch = 7; epoch <= 13; epoch++) await _writer.Write(j => j.Checkpoint(Recipe, 1, State(epoch), epoch));
        // Epoch 5 was beaten within the trial's 10 epochs. Epoch 8 was not, and it holds the trial's best.
        foreach (int epoch in (int[])[5, 8, 11])
            await _writer.Write(j => j.Checkpoint(Recipe, 1, new(BestLoss, epoch, File($"best{epoch}"), null, 1), epoch));

        var orphans = await _writer.Write(j => j.RetireCheckpoints(Recipe));
        var kept = await _reader.Checkpoints(Recipe);
        Assert.Equal([13, 12, 10], kept.Where(c => c.Kind == CheckpointKinds.State).Select(c => c.Epoch)); // 10 is trial 1's end
        Assert.Equal([11, 8], kept.Where(c => c.Kind == BestLoss).Select(c => c.Epoch));
        string[] gone = [.. ((int[])[7, 8, 9, 11]).SelectMany(e => new[] { $"weights{e}", $"optimizer{e}" }), "best5"];
        Assert.Equal(gone.Select(f => File(f).Value).Order(StringComparer.Ordinal),
            orphans.Select(o => o.Value).Order(StringComparer.Ordinal));
        Assert.Empty(await _writer.Write(j => j.RetireCheckpoints(Recipe)));
    }

    [Fact]
    public async Task FileThatAnotherCheckpointNamesOutlivesRetention()
    {
        await Begin(Recipe);
        await Begin(Other, slot: 1);
        for (int epoch = 1; epoch <= 3; epoch++) await _writer.Write(j => j.Checkpoint(Recipe, 1, State(epoch), epoch));
        await _writer.Write(j => j.Checkpoint(Other, 1, new(CheckpointKinds.State, 1, File("weights1"), null, 1), 1));
        Assert.Equal([File("optimizer1")], await _writer.Write(j => j.RetireCheckpoints(Recipe)));
    }

    [Fact]
    public async Task TrialsLastWordIsItsOnlyOne()
    {
        await _writer.Write(j => j.EndTrial(Sweep, 5, 1, TrialState.Failed, FailureClass.Diverged, "first"));
        await _writer.Write(j => j.EndTrial(Sweep, 6, 1, TrialState.Cancelled, null, "late"));
        Assert.Equal(TrialState.Failed, (await _reader.Trials(Sweep))[0].State);
        Assert.Equal(["Submitted", "Prepared", "Failed"], (await _reader.EventsAfter(Sweep, 0)).Select(e => e.Kind));
        Assert.Equal(Other.Value, Assert.Single(await _reader.Work(Sweep)).Recipe);
    }

    [Fact]
    public async Task PreparationInPartsMakesNobodyWorkUntilItIsWhole()
    {
        var sweep = new SweepId("sweep-000002");
        Digest third = Digest.Of("third"u8);
        await _writer.Write(j => j.Submit(Rows.Sweep(sweep.Value)));
        // The first part comes twice, as after a crash between the parts. Recipe is demanded up to 10 already, by the other sweep.
        foreach (var _ in new[] { 1, 2 })
            Assert.Equal(2, await _writer.Write(j => j.Prepare(1, [Rows.Training(Recipe)], [Rows.Trial(sweep.Value, 1, Recipe, 12)])));
        long left = await _writer.Write(j => j.Prepare(1, [Rows.Training(third)], [Rows.Trial(sweep.Value, 2, third, 7)]));
        Assert.Equal(7, left);
        Assert.Empty(await _reader.Work(sweep));
        Assert.True(await _writer.Write(j => j.IsPreparing(sweep)));

        await _writer.Write(j => j.Prepared(sweep, 2, ["a"], 2 + left));
        Assert.Equal([Recipe.Value, third.Value], (await _reader.Work(sweep)).Select(w => w.Recipe));
        var row = (await _reader.Sweep(sweep))!;
        Assert.Equal((SweepState.Running, 19L, 9L), (row.State, row.EpochsAsked, row.EpochsToTrain));
        Assert.Equal("2 trials of 2 trainings", (await _reader.EventsAfter(sweep, 1))[0].Reason);
        Assert.False(await _writer.Write(j => j.IsPreparing(sweep)));
    }

    [Fact]
    public async Task WriterThatWaitsIsAnsweredAsOneThatDoesNot()
    {
        Assert.Equal(1, await Task.Run(() => _writer.Begin(j => j.BeginBrokerTerm()).Wait(), Token));
        await Assert.ThrowsAsync<FencedException>(
            () => Task.Run(() => _writer.Begin<int>(_ => throw new FencedException("on purpose")).Wait(), Token));
        Assert.Equal(2, await _writer.Write(j => j.BeginBrokerTerm()));
    }

    [Fact]
    public async Task DeletedSweepLeavesNoDemand()
    {
        await _writer.Write(j => j.DeleteSweep(Sweep));
        Assert.Null(await _reader.Sweep(Sweep));
        Assert.Empty(await _reader.Work(null));
        Assert.Null(await _writer.Write(j => j.BeginTerm(Sweep)));
    }

    [Fact]
    public async Task WhatIsWatchedIsTheSameReadBitByBitOrAtOnce()
    {
        var another = new SweepId("sweep-000002");
        var watched = new SweepTally(Sweep, Ranking);
        Func<JournalTransaction, object?>[] steps =
        [
            j => j.BeginAttempt(Recipe.Value, "silo-1", "g", 0, "f", 1, 9),
            j => j.Measure(Recipe, 1, Measured(1, .5)),
            j => j.Measure(Recipe, 1, Measured(2, .4).With(r => r with { Validation = new(.4, 2, 2) })),
            j => j.EndAttempt(Recipe.Value, 1, 5, AttemptOutcome.Lost),
            j => j.BeginAttempt(Recipe.Value, "silo-2", "g", 0, "f", 1, 9),
            j => j.Measure(Recipe, 2, Measured(2, .4).With(r => r with { Validation = new(.4, 2, 2) })),
            j => j.Submit(Rows.Sweep(another.Value)),
            Do(j => j.Prepared(another, 1, [], [Rows.Training(Recipe)], [Rows.Trial(another.Value, 1, Recipe, 12)])),
            j => j.Measure(Recipe, 2, Measured(3, .3)),
            j => j.BeginAttempt(Other.Value, "silo-1", "g", 0, "f", 1, 9),
            j => j.Measure(Other, 1, Measured(1, .2)),
            Do(j => j.Fail(Other, 1, new TrainingFailure(FailureClass.Diverged, 1, "why"))),
            j => j.EndAttempt(Other.Value, 1, 5, AttemptOutcome.Failed),
            j => j.Settle(Sweep, 6, [Other.Value, Recipe.Value]),
            Do(j => j.PauseSweep(Sweep, 7)),
            j => j.Measure(Recipe, 2, Measured(4, .3)),
            Do(j => j.ResumeSweep(Sweep, 8)),
            j => j.EndTrial(Sweep, 9, 1, TrialState.Cancelled, null, "no more"),
            j => j.Measure(Recipe, 2, Measured(5, .3)),
        ];
        foreach (var step in steps)
        {
            await _writer.Write(step);
            await watched.Update(_reader);
            var fresh = new SweepTally(Sweep, Ranking);
            await fresh.Update(_reader);
            Assert.Equal(fresh.Trials.Select(Shown), watched.Trials.Select(Shown));
        }
        // The fifth epoch came after the cancellation. The fourth was computed while the sweep was paused, so for the other one. The
        // second was computed twice, for trial 1.
        Assert.Equal([(1, TrialState.Cancelled, 4, 1.0, 3), (2, TrialState.Failed, 1, .5, 1)], watched.Trials.Select(Shown));
        Assert.Equal(4, (await _reader.Trial(new TrialId(Sweep, 1)))!.Visible);

        static Func<JournalTransaction, object?> Do(Action<JournalTransaction> write) => j =>
        {
            write(j);
            return null;
        };
        static (int, TrialState, int, double, int) Shown(TrialTally t) => (t.Number, t.Shown, t.Epoch, t.Objective ?? -1, t.Trained.Count);
    }

    private static readonly Objective Accuracy = new("validation_accuracy", Goal.Maximize, ReadAt.Best);

    private static readonly Ranking Ranking = new(Accuracy, ClassifierResult.Metrics);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Submits a second sweep, whose one trial shares the training of the first one's first trial.</summary>
    private async Task<SweepId> AnotherSweepOfTheRecipe(int epochs)
    {
        var sweep = new SweepId("sweep-000002");
        await _writer.Write(j =>
        {
            j.Submit(Rows.Sweep(sweep.Value));
            j.Prepared(sweep, 1, [], [Rows.Training(Recipe)], [Rows.Trial(sweep.Value, 1, Recipe, epochs)]);
        });
        return sweep;
    }

    private Task<int?> Begin(Digest recipe, int slot = 0) =>
        _writer.Write(j => j.BeginAttempt(recipe.Value, "silo-1", "generation", slot, "fingerprint", 1, 100));

    private Task<WriteOutcome> Measure(int attempt, Measurement measurement) => _writer.Write(j => j.Measure(Recipe, attempt, measurement));

    private static Measurement Measured(int epoch, double loss) =>
        ClassifierReadings.Measured(epoch, loss).With(r => r with { ValidationConfusion = [1, 0, 1, 0], TestConfusion = [1, 1, 1, 1] });

    private static NewCheckpoint State(int epoch) =>
        new(CheckpointKinds.State, epoch, File($"weights{epoch}"), File($"optimizer{epoch}"), 1);

    private static Digest File(string name) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(name));
}
