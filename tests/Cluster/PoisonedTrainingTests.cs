using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Leases;

namespace Tests.Cluster;

/// <summary>A crash takes along whatever its silo trained. Only a training that crashes silos alone is failed for it.</summary>
public sealed class PoisonedTrainingTests
{
    [Fact]
    public async Task TrainingThatCrashesItsSilosIsFailedAndWhoWasBesideItIsNot()
    {
        await using var silo = await BrokerSilo.Start();
        await silo.Demand("a", "poison", "innocent", "other");
        var poison = BrokerSilo.Name("poison");
        int crashes = 0;
        var completed = new List<Digest>();
        for (int run = 1; run < 20 && (completed.Count < 2 || (await silo.Reader.Training(poison))!.Failure is null); run++)
        {
            // Epochs of the others are longer than the time to the crash, so nobody beside it makes one.
            string generation = $"run-{run}";
            var grants = (await Task.WhenAll(silo.Acquire(0, generation), silo.Acquire(1, generation))).OfType<LeaseGrant>().ToList();
            if (grants.Exists(g => g.Recipe == poison))
            {
                Assert.True(crashes == 0 || grants.Count == 1, "A training that has crashed its silo is not alone on the next.");
                crashes++;
                silo.Ends(generation, "crashed");
                continue;
            }
            foreach (var grant in grants)
            {
                await silo.Complete(grant);
                completed.Add(grant.Recipe);
            }
        }
        Assert.Equal(3, crashes);
        Assert.Equal(((string[])["innocent", "other"]).Select(BrokerSilo.Name).ToHashSet(), completed.ToHashSet());
        var failed = (await silo.Reader.Training(poison))!;
        Assert.Equal(FailureClass.Crashed, failed.Failure);
        Assert.Contains("crashed 3 times under it without a new epoch", failed.Reason, StringComparison.Ordinal);
        Assert.Null((await silo.Reader.Training(BrokerSilo.Name("innocent")))!.Failure);
    }

    [Fact]
    public async Task SuspectWaitsForASiloToBeEmptiedAndSharesAgainAfterAnEpoch()
    {
        await using var silo = await BrokerSilo.Start();
        await silo.Demand("a", "suspect");
        await silo.Acquire(0, "first");
        await silo.Demand("a2", "one", "two", "three");
        silo.Ends("first", "memory");
        // Whichever training the busy silo holds, the suspect is not put beside it, and nothing else is any more.
        var one = (await silo.Acquire(0, "second"))!;
        await Until(async () => (await silo.Broker.Queue(CancellationToken.None)).Waiting.Any(w => w.Alone));
        Assert.Null(await silo.Acquire(1, "second"));
        await silo.Complete(one);
        var alone = (await silo.Acquire(1, "second"))!;
        Assert.Equal((BrokerSilo.Name("suspect"), 2), (alone.Recipe, alone.Attempt));
        Assert.Null(await silo.Acquire(0, "second"));
        await silo.Complete(alone);
        await Until(async () => !(await silo.Broker.Queue(CancellationToken.None)).Waiting.Any(w => w.Alone));
        Assert.NotNull(await silo.Acquire(0, "second"));
        Assert.NotNull(await silo.Acquire(1, "second"));
    }

    [Fact]
    public void ASiloIsEmptiedForOneSuspectAndOnlyWhileItWaitsThere()
    {
        var suspects = new Suspects();
        suspects.Add("s");
        Assert.False(suspects.MayBegin("s", "silo-1", ["x"]));
        Assert.False(suspects.MayBegin("y", "silo-1", ["x"]));
        Assert.False(suspects.MayBegin("s", "silo-2", ["z"]));
        Assert.True(suspects.MayBegin("y", "silo-2", ["z"]));
        suspects.Keep(waits: _ => true, lives: silo => silo != "silo-1");
        Assert.True(suspects.MayBegin("y", "silo-1", ["x"]));
        Assert.True(suspects.MayBegin("s", "silo-2", []));
        Assert.False(suspects.MayBegin("y", "silo-2", ["s"]));
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await holds()) await Task.Delay(50, patience.Token);
    }
}
