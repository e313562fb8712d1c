using Grains.Interfaces.Model;
using Grains.Storage.Journal;

namespace Tests.Cluster.Sweeps;

/// <summary>
/// A cancel meets a coordinator that is preparing or extending its sweep. Whichever of them comes to the journal first, nothing of the
/// sweep is wanted or half prepared afterwards.
/// </summary>
public sealed class CancelRaceTests
{
    private const string Laid = "its trials are written";

    /// <summary>The number of replicates whose first weights take longer to keep than a cancel takes to arrive.</summary>
    private const int Many = 30;

    [Fact]
    public async Task CancelThatRacesAPreparationLeavesNoDemandAndNothingPrepared()
    {
        await using var silo = await SweepSilo.Start();
        foreach (var (seed, (moment, first)) in Both(SweepEvents.Submitted, SweepEvents.Preparing, SweepEvents.Noted, Laid, "Prepared"))
        {
            string id = $"at-{seed}";
            var kept = silo.Kept();
            using var gate = new JournalGate(silo.Writer);
            await gate.Shut();
            int replicates = moment == SweepEvents.Preparing ? Many : 1;
            var submitting = silo.Submit(id, $"{SweepSilo.OfFile}\nseed: {seed}\nreplicates: {replicates}");
            await gate.StepUntil($"{id}: {moment}", silo.Sweep(id), async () => moment == Laid
                ? await silo.Count($"trial WHERE sweep = '{id}'") > 0
                : (await silo.Events(id)).Contains(moment));
            await Cancel(silo, gate, id, first, kept, draws: moment == SweepEvents.Preparing ? replicates : 0);
            await submitting;
            Assert.Equal((await silo.Events(id)).Contains("Prepared") ? 2 * replicates : 0,
                await silo.Count($"trial WHERE sweep = '{id}'"));
        }
    }

    [Fact]
    public async Task CancelThatRacesAnExtensionLeavesNoDemandAndNoOpenTrial()
    {
        await using var silo = await SweepSilo.Start();
        foreach (var (seed, (moment, first)) in Both(SweepEvents.ExtensionAsked, SweepEvents.Preparing, SweepEvents.Extended))
        {
            string id = $"at-{seed}";
            await silo.Submit(id, $"{SweepSilo.OfFile}\nseed: {seed}");
            await silo.Until(id, SweepState.Running);
            var kept = silo.Kept();
            int before = (await silo.Events(id)).Count;
            using var gate = new JournalGate(silo.Writer);
            await gate.Shut();
            int replicates = moment == SweepEvents.Preparing ? Many : 2;
            var extending = silo.Sweep(id).Extend(new SweepExtension(Epochs: 3, Replicates: replicates), "key", Token);
            await gate.StepUntil($"{id}: {moment}", silo.Sweep(id), async () => (await silo.Events(id)).Skip(before).Contains(moment));
            await Cancel(silo, gate, id, first, kept, draws: moment == SweepEvents.Preparing ? replicates - 1 : 0);
            await extending;
            Assert.Equal((await silo.Events(id)).Contains(SweepEvents.Extended) ? 2 * replicates : 2,
                await silo.Count($"trial WHERE sweep = '{id}'"));
            Assert.True((await silo.Asked.Extension(new SweepId(id), "key", Token))!.Done);
        }
    }

    /// <summary>Each moment twice: with a cancel that comes to the journal before the coordinator's next write, and behind it.</summary>
    private static IEnumerable<(int Seed, (string Moment, bool First))> Both(params string[] moments) =>
        moments.SelectMany(m => new[] { (m, true), (m, false) }).Index();

    /// <summary>Cancels while the gate is shut, then opens it and lets the coordinator do whatever it still would.</summary>
    /// <param name="first">Whether the cancel comes to the journal before the coordinator's next write, or behind it.</param>
    /// <param name="kept">The checkpoints that were kept before.</param>
    /// <param name="draws">How many the work beside the journal adds until it is done.</param>
    private static async Task Cancel(SweepSilo silo, JournalGate gate, string id, bool first, IReadOnlySet<Digest> kept, int draws)
    {
        var sweep = silo.Sweep(id);
        var cancelling = first ? sweep.Cancel(Token) : null;
        await SweepSilo.Until("the first weights are kept", () => Task.FromResult(silo.Kept().Except(kept).Count() >= draws));
        await JournalGate.Settle(sweep);
        cancelling ??= sweep.Cancel(Token);
        await JournalGate.Settle(sweep);
        gate.Open();
        await cancelling;
        for (int commit = 0; commit < 5; commit++)
        {
            await JournalGate.Settle(sweep);
            await silo.Writer.Write(_ => true);
        }
        Assert.Equal(SweepState.Cancelled, (await silo.Reader.Sweep(new SweepId(id)))!.State);
        Assert.Equal(0, await silo.Count($"demand WHERE sweep = '{id}'"));
        Assert.Empty(await silo.Reader.OpenTrials(new SweepId(id)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
