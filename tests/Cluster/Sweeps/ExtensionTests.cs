using Grains.Interfaces.Model;
using Grains.Storage.Journal;

namespace Tests.Cluster.Sweeps;

/// <summary>An extension is prepared while nobody waits for it: it may be refused, or its silo may end on the way.</summary>
public sealed class ExtensionTests
{
    private const string Id = "larger";
    private static readonly SweepExtension Larger = new(Epochs: 3, Replicates: 2);

    [Fact]
    public async Task ExtensionThatARestartBreaksOffGoesOnAndIsAnsweredAlike()
    {
        await using var silo = await SweepSilo.Start();
        var answer = await AskAndRestart(silo);
        await SweepSilo.Until("it is extended", async () => (await silo.Asked.Extension(new SweepId(Id), "key", Token))!.Done);
        Assert.Null((await silo.Asked.Extension(new SweepId(Id), "key", Token))!.Refusal);
        Assert.Equal(answer, await silo.Sweep(Id).Extend(Larger, "key", Token));
        Assert.Equal(new SweepExtended(2, 2), answer);
        Assert.Equal([3, 3, 3, 3], (await silo.Reader.Trials(new SweepId(Id))).Select(t => t.Epochs));
        await silo.Complete(Id);
        Assert.Single(await silo.Events(Id), k => k == SweepEvents.Extended);
    }

    [Fact]
    public async Task ExtensionThatIsRefusedLeavesTheSweepAsItWasAndSaysWhy()
    {
        await using var silo = await SweepSilo.Start();
        await AskAndRestart(silo, between: () => File.Delete(silo.Images));
        await SweepSilo.Until("it is refused", async () => (await silo.Asked.Extension(new SweepId(Id), "key", Token))!.Done);
        Assert.Contains(silo.Images, (await silo.Asked.Extension(new SweepId(Id), "key", Token))!.Refusal, StringComparison.Ordinal);
        // Nothing has grown, so that the sweep, which had completed, is complete again, with the same result.
        await silo.Until(Id, SweepState.Completed);
        Assert.Equal([2, 2], (await silo.Reader.Trials(new SweepId(Id))).Select(t => t.Epochs));
        Assert.Contains((await silo.Asked.Status(new SweepId(Id), Token))!.Notes,
            n => n.Contains("could not be extended", StringComparison.Ordinal) && n.Contains(silo.Images, StringComparison.Ordinal));
        Assert.Equal(2, (await silo.Events(Id)).Count(k => k == "SweepCompleted"));
    }

    /// <summary>Completes a sweep and asks to extend it. The silo ends before it does more than record that.</summary>
    private static async Task<SweepExtended> AskAndRestart(SweepSilo silo, Action? between = null)
    {
        await silo.Submit(Id, SweepSilo.OfFile);
        await silo.Until(Id, SweepState.Running);
        await silo.Complete(Id);
        using var gate = new JournalGate(silo.Writer);
        await gate.Shut();
        var asking = silo.Sweep(Id).Extend(Larger, "key", Token);
        await gate.StepUntil("it is asked for", silo.Sweep(Id), async () => (await silo.Events(Id)).Contains(SweepEvents.ExtensionAsked));
        var answer = await asking;
        await silo.Restart(gate, between);
        Assert.NotNull(await silo.Reader.PendingExtension(new SweepId(Id)));
        await silo.Sweep(Id).Tend(Token);
        return answer;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
