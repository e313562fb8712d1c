using Grains.Interfaces.Model;
using Grains.Storage.Journal;
using Tests.Shared;

namespace Tests.Cluster.Sweeps;

/// <summary>What a sweep becomes whose preparation is held up, is refused, or is written twice.</summary>
public sealed class PreparationTests
{
    [Fact]
    public async Task SweepWhoseDataAreGoneWhenTheyAreReadFailsWithTheReason()
    {
        await using var silo = await SweepSilo.Start();
        using var gate = new JournalGate(silo.Writer);
        await gate.Shut();
        var submitting = silo.Submit("gone", SweepSilo.OfFile);
        await gate.StepUntil("it is submitted", silo.Sweep("gone"), async () => (await silo.Events("gone")).Count > 0);
        File.Delete(silo.Images);
        gate.Open();
        await submitting;
        var row = await silo.Until("gone", SweepState.Failed);
        Assert.Contains(silo.Images, row.Reason, StringComparison.Ordinal);
        Assert.Equal((0, 0), (await silo.Count("trial"), await silo.Count("demand")));
    }

    [Fact]
    public async Task StoredFileThatNewerRulesRefuseFailsItsSweepWithItsMistakesAndIsStillShown()
    {
        await using var silo = await SweepSilo.Start();
        // An earlier version took both files. One sweep it has not prepared, and of the other it has a trial.
        string old = SweepSilo.Phantom + "\nsearch: annealed";
        await silo.Writer.Write(j =>
        {
            j.Submit(Rows.Sweep("waits") with { Text = old });
            j.Submit(Rows.Sweep("begun") with { Text = SweepSilo.Phantom });
        });
        await silo.Sweep("waits").Tend(Token);
        var row = await silo.Until("waits", SweepState.Failed);
        Assert.Contains("annealed", row.Reason, StringComparison.Ordinal);
        Assert.Contains("f.yaml:", row.Reason, StringComparison.Ordinal);

        await silo.Sweep("begun").Tend(Token);
        await silo.Until("begun", SweepState.Running);
        await silo.Writer.Write(j => j.Execute("UPDATE sweep SET text = @old WHERE id = 'begun'", new { old }));
        var refused = await Assert.ThrowsAsync<SpecException>(
            () => silo.Sweep("begun").Extend(new SweepExtension(Replicates: 2), "key", Token));
        Assert.Contains("annealed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await silo.Asked.Status(new SweepId("begun"), Token))!.Trials.Total);
        Assert.Single(await silo.Asked.Trials(new SweepId("begun"), Token));
        await silo.Complete("begun");
    }

    [Fact]
    public async Task PreparationWhoseWritesAllRunTwiceCountsEachOnce()
    {
        await using var silo = await SweepSilo.Start();
        using var gate = new JournalGate(silo.Writer);
        await gate.Shut();
        var submitting = silo.Submit("twice", SweepSilo.OfFile);
        await gate.StepUntil("it is prepared", silo.Sweep("twice"), async () =>
        {
            gate.RepeatGroup();
            return (await silo.Events("twice")).Contains("Prepared");
        });
        gate.Open();
        await submitting;
        var row = await silo.Until("twice", SweepState.Running);
        Assert.Equal((4L, 4L), (row.EpochsAsked, row.EpochsToTrain));
        Assert.Equal((2, 2), (await silo.Count("trial"), await silo.Count("demand")));
        Assert.Equal(["Submitted", "Preparing", "Noted", "Prepared"], await silo.Events("twice"));
    }

    [Fact]
    public async Task DoctorNamesASweepThatHasBeenPreparingForLong()
    {
        await using var silo = await SweepSilo.Start();
        await silo.Examine();
        using var gate = new JournalGate(silo.Writer);
        await gate.Shut();
        var submitting = silo.Submit("slow", SweepSilo.OfFile);
        await gate.StepUntil("it is being prepared", silo.Sweep("slow"), async () => (await silo.Events("slow")).Contains("Preparing"));
        Assert.Empty((await silo.Examine()).Faults);
        long began = (await silo.Reader.EventsAfter(new SweepId("slow"), 1))[0].At;
        silo.Clock.Advance(TimeSpan.FromMinutes(2));
        string fault = Assert.Single((await silo.Examine()).Faults);
        Assert.Contains("sweep slow: it is being prepared since " +
            FormattableString.Invariant($"{DateTimeOffset.FromUnixTimeMilliseconds(began):HH:mm:ss} UTC"), fault, StringComparison.Ordinal);
        Assert.Contains("`sweep cancel slow` ends it", fault, StringComparison.Ordinal);
        gate.Open();
        await submitting;
        await silo.Until("slow", SweepState.Running);
        Assert.DoesNotContain((await silo.Examine()).Faults, f => f.Contains("being prepared", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DoctorNotesADrawnStartThatIsGoneAndCallsOnlyTheCopyOfAFileAFault()
    {
        await using var silo = await SweepSilo.Start();
        await silo.Submit("drawn", SweepSilo.Phantom);
        await silo.Until("drawn", SweepState.Running);
        var start = Assert.Single(silo.Checkpoints.List()).Digest;
        byte[] own = silo.Checkpoints.Read(start);
        own[^4] ^= 1;
        silo.Write("own.safetensors", own);
        await silo.Submit("own", $"{SweepSilo.Phantom}\ninitial_checkpoint: own.safetensors");
        await silo.Until("own", SweepState.Running);
        Assert.Empty((await silo.Examine()).Notes);
        foreach (var file in silo.Checkpoints.List().ToList()) silo.Checkpoints.Delete(file.Digest);

        var checkup = await silo.Examine();
        string note = Assert.Single(checkup.Notes), fault = Assert.Single(checkup.Faults);
        Assert.Contains(start.Value[..12], note, StringComparison.Ordinal);
        Assert.Contains("drawn again", note, StringComparison.Ordinal);
        Assert.Contains("Submit their sweep again", fault, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
