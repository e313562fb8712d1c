using Grains.Interfaces.Model;

namespace Tests.Cluster.Sweeps;

/// <summary>A fork shows its parent's epochs, and has none of their weights. Its ID is its own.</summary>
public sealed class ForkTests
{
    private const string Parent = "parent", Fork = "parent-fork";

    [Fact]
    public async Task BestWeightsFromBeforeTheForkAreNotTrainedAgainButNamedAsTheParents()
    {
        await using var silo = await Forked(best: 1);
        await silo.Complete(Fork);
        Assert.False(await silo.Asked.HasBestWeights(new TrialId(new SweepId(Fork), 1), Token));
        foreach (string told in new[]
        {
            (await Assert.ThrowsAsync<SpecException>(() => silo.Sweep(Fork).TrainWeights(1, Token))).Message,
            (await Assert.ThrowsAsync<SpecException>(() => Export(silo))).Message,
        })
        {
            Assert.Contains("its best epoch (1) lies before epoch 2, at which it was forked", told, StringComparison.Ordinal);
            Assert.Contains("its parent's: export them there", told, StringComparison.Ordinal);
        }
        Assert.Equal(0, await silo.Count("demand"));
    }

    [Fact]
    public async Task BestWeightsAfterTheForkAreDemandedOfItAgain()
    {
        await using var silo = await Forked(best: 0);
        await silo.Complete(Fork, best: 3);
        Assert.Equal(3, await silo.Sweep(Fork).TrainWeights(1, Token));
        Assert.Equal(1, await silo.Count($"demand WHERE sweep = '{Fork}' AND purpose = 'Weights' AND epochs = 3"));
    }

    [Fact]
    public async Task WeightsOfTheForksEpochWhoseStateIsGoneAreNotDemandedInVain()
    {
        await using var silo = await Forked(best: 2);
        await silo.Complete(Fork, best: 2);
        silo.LoseCheckpoints();
        string told = (await Assert.ThrowsAsync<SpecException>(() => silo.Sweep(Fork).TrainWeights(1, Token))).Message;
        Assert.Contains("what it went on from is not kept any more", told, StringComparison.Ordinal);
        Assert.Equal((0, 0), (await silo.Count("demand"), await silo.Count("failure")));
    }

    [Fact]
    public async Task DeleteThatIsRepeatedNeverFindsTheFork()
    {
        await using var silo = await Forked(best: 1);
        for (int time = 0; time < 2; time++) await silo.Sweep(Parent).Delete(Token);
        Assert.Equal([new SweepId(Fork)], await silo.Asked.Resolve(Parent, Token));
        Assert.Null(await silo.Asked.Status(new SweepId(Parent), Token));
        await silo.Complete(Fork);
    }

    /// <summary>Completes a sweep of two epochs, and forks its trial there up to epoch 4.</summary>
    /// <param name="best">The parent's best epoch; 0 where all are alike.</param>
    private static async Task<SweepSilo> Forked(int best)
    {
        var silo = await SweepSilo.Start();
        await silo.Submit(Parent, SweepSilo.Phantom);
        await silo.Until(Parent, SweepState.Running);
        await silo.Complete(Parent, best);
        await silo.Submit(Fork, "", new ForkRequest(new SweepId(Parent), 1, 2, "learning_rate: 1e-2, epochs: 4"));
        await silo.Until(Fork, SweepState.Running);
        return silo;
    }

    private static async Task Export(SweepSilo silo)
    {
        await foreach (byte[] _ in silo.Asked.Checkpoint(new TrialId(new SweepId(Fork), 1), best: true, Token).WithCancellation(Token))
            Assert.Fail("It has weights.");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
