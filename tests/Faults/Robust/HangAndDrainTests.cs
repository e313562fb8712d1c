namespace Tests.Faults.Robust;

[Collection("robust")]
public sealed class HangAndDrainTests
{
    [Fact]
    public async Task ASilentSiloIsReplacedADrainedOneKeepsItsEpochAndTheResultIsTheSame()
    {
        string calm = await Home.CalmDigest(h => h.Spec(epochs: 16));
        await using var home = new Home();
        await home.Sweep("cluster", "up", "--silos", "2");
        string id = await home.Submit(home.Spec(epochs: 16));

        await home.UntilEpochs(id, 4);
        int hung = home.PidOf("silo-2");
        Home.Signal(hung, "STOP");
        await Home.Until("silo-2 replaced", () => Task.FromResult(home.PidOf("silo-2") != hung), seconds: 30);
        Assert.Contains("silo-2 gave no sign of life for 8 s: killed", home.Log("supervisor"), StringComparison.Ordinal);

        int drained = home.PidOf("silo-1");
        Home.Signal(drained, "TERM");
        await Home.Until("silo-1 replaced", () => Task.FromResult(home.PidOf("silo-1") != drained), seconds: 30);
        Assert.Contains("silo-1 ended with exit code 0", home.Log("supervisor"), StringComparison.Ordinal);

        await home.Sweep("watch", id);
        Assert.Equal(calm, await home.Digest(id));
        Assert.Contains("All is well.", await home.Sweep("doctor"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATrainingUnderWhichSilosCrashFailsAfterThreeAndIsTrainedAgainOnRetry()
    {
        await using var home = new Home();
        await home.Sweep("cluster", "up", "--silos", "1");
        // The epochs take many seconds, so none ends between two crashes.
        string id = await home.Submit(home.Spec(epochs: 1, images: 60000));
        for (int crash = 0; crash < 3; crash++)
        {
            await Home.Until("a training is under way",
                async () => (await home.Trials(id)).Any(t => t.GetProperty("state").GetString() == "Running"));
            int pid = home.PidOf("silo-1");
            // .NET takes the first signal for a fault of its own that will come again, and steps aside. The second signal ends the
            // process.
            Home.Signal(pid, "SEGV");
            await Task.Delay(300);
            Home.Signal(pid, "SEGV");
            await Home.Until("the silo is back", () => Task.FromResult(home.PidOf("silo-1") != pid));
        }
        await home.Sweep(4, "watch", id);
        var failed = Assert.Single(await home.Trials(id), t => t.GetProperty("state").GetString() == "Failed");
        Assert.Contains("crashed 3 times", failed.GetProperty("reason").GetString()!, StringComparison.Ordinal);
        Assert.Contains("All is well.", await home.Sweep("doctor"), StringComparison.Ordinal);

        // The training's crashes are forgiven. It is trained from the beginning, to the bytes of a run that nobody disturbed.
        string number = $"{failed.GetProperty("number").GetInt32()}";
        Assert.Contains("goes on with 1 failed trial", await home.Sweep("retry", id, "--trial", number), StringComparison.Ordinal);
        await home.Sweep("watch", id);
        Assert.Contains("1 of 1 trials repeat bit by bit", await home.Sweep("verify", id, "--trial", number), StringComparison.Ordinal);
        Assert.Contains("has no failed trial", await home.Sweep("retry", id), StringComparison.Ordinal);
        Assert.Contains("All is well.", await home.Sweep("doctor"), StringComparison.Ordinal);
    }
}
