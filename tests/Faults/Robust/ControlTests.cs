namespace Tests.Faults.Robust;

public sealed class ControlTests
{
    [Fact]
    public async Task AnExtendedSweepEqualsALongerOneAlsoWhenPausedBetween()
    {
        // The sweep is long enough to be paused in the middle.
        const int Images = 6000;
        string longer = await Home.CalmDigest(h => h.Spec(epochs: 15, images: Images));
        await using var home = new Home();
        await home.Sweep("cluster", "up", "--silos", "1", "--no-supervisor");
        string id = await home.Submit(home.Spec(epochs: 10, images: Images), "--key", "nightly");
        Assert.Equal(id, await home.Submit(home.Spec(epochs: 10, images: Images), "--key", "nightly"));
        Assert.Contains("another file", await home.Sweep(2, "submit", home.Spec(epochs: 7), "--key", "nightly"), StringComparison.Ordinal);

        await home.UntilEpochs(id, 2);
        await home.Sweep("pause", id);
        await Home.Until("nothing runs",
            async () => (await home.Trials(id)).All(t => t.GetProperty("state").GetString() is "Paused" or "Completed"));
        Assert.Contains("sweep resume", await home.Sweep("doctor"), StringComparison.Ordinal);
        await home.Sweep("resume", id);
        await home.Sweep("watch", id);

        await home.Sweep("extend", id, "--epochs", "15");
        await home.Sweep("watch", id);
        Assert.Equal(longer, await home.Digest(id));
        Assert.Contains("2 of 2 trials repeat bit by bit", await home.Sweep("verify", id, "--trials", "2"), StringComparison.Ordinal);
        Assert.Contains("All is well.", await home.Sweep("doctor"), StringComparison.Ordinal);
        Assert.Contains("has not failed", await home.Sweep(2, "retry", id, "--trial", "1"), StringComparison.Ordinal);
    }
}
