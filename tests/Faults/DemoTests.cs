namespace Tests.Faults;

public sealed class DemoTests
{
    [Fact]
    public async Task DemoTrainsOnThreeSilosShowsItsResultsAndLeavesNothing()
    {
        await using var place = LocalCluster.Down();
        var demo = (await place.Run("demo")).Exits(0);

        foreach (string silo in (string[])["silo-1", "silo-2", "silo-3"])
            Assert.Contains($"completed on {silo}", demo.Output, StringComparison.Ordinal);
        Assert.Contains("validation_accuracy", demo.Output, StringComparison.Ordinal);
        Assert.Contains("cnn-batch-norm", demo.Output, StringComparison.Ordinal);
        Assert.Contains("20 completed", demo.Output, StringComparison.Ordinal);

        // A label says what its row has of its own, not what all rows without a name share.
        Assert.Contains("activation=leaky_relu batch_norm=false", demo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("kind=dense", demo.Output, StringComparison.Ordinal);
        await place.NothingRuns();
        Assert.DoesNotContain(place.Entries, e => e.StartsWith("sweep-demo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DemoKilledInMidSweepLeavesNothing()
    {
        await using var place = LocalCluster.Down();
        using var demo = place.Start("demo");
        await demo.WaitForLine("is running", LocalCluster.Patience);
        demo.Kill();
        await place.NothingRuns();
        Assert.DoesNotContain(place.Entries, e => e.StartsWith("sweep-demo", StringComparison.Ordinal));
    }

    [Fact]
    public async Task InterruptedDemoEndsWith130AndLeavesNothing()
    {
        await using var place = LocalCluster.Down();
        using var demo = place.Start("demo");
        await demo.WaitForLine("is running", LocalCluster.Patience);
        Processes.Interrupt(demo.Pid);
        (await demo.End(TimeSpan.FromSeconds(60))).Exits(130);
        await place.NothingRuns();
        Assert.DoesNotContain(place.Entries, e => e.StartsWith("sweep-demo", StringComparison.Ordinal));
    }
}
