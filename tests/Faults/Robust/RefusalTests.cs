namespace Tests.Faults.Robust;

/// <summary>A request that cannot work is refused before it does harm.</summary>
public sealed class RefusalTests(QuietHome quiet) : IClassFixture<QuietHome>
{
    [Fact]
    public async Task TrialThatCannotFitIntoMemoryFailsBeforeItTrainsAndTheOthersGoOn()
    {
        // All images go at once through 2 × 65,536 units, which takes 126 GiB.
        string file = quiet.Home.Write("memory.yaml", """
            name: memory
            data: {source: xray-phantom, train: 60000, validation: 20, test: 20}
            model: {hidden: [8, 65536, 8], batch_norm: true}
            training: {epochs: 1}
            trials:
              - {name: small, hidden: [8], batch_size: 64}
              - {name: huge, batch_size: full}
            """);
        await quiet.Home.Sweep(4, "submit", file, "--watch");
        var trials = await quiet.Home.Trials("last");
        Assert.Equal(["Completed", "Failed"], trials.Select(t => t.GetProperty("state").GetString()));
        string reason = trials[1].GetProperty("reason").GetString()!;
        Assert.Contains("MiB", reason, StringComparison.Ordinal);
        Assert.Contains("60000 images", reason, StringComparison.Ordinal);
        Assert.Contains("batch_size", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelTooLargeToDrawIsRefusedWhenItIsSubmitted()
    {
        string file = quiet.Home.Write("wide.yaml", """
            name: wide
            data: {source: xray-phantom, train: 20, validation: 20, test: 20}
            model: {hidden: [65536, 65536]}
            training: {epochs: 1}
            """);
        string said = await quiet.Home.Sweep(2, "submit", file, "--watch");
        Assert.Contains("4,362,469,380 parameters are", said, StringComparison.Ordinal);
    }
}
