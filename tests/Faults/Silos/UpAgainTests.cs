namespace Tests.Faults.Silos;

/// <summary>Checks what `cluster up` starts, and how.</summary>
public sealed class UpAgainTests
{
    [Fact]
    public async Task ClusterThatComesUpAgainIsWhatItWasAndSaysSo()
    {
        await using var cluster = LocalCluster.Down();
        string first = (await cluster.Run("cluster", "up", "--silos", "1", "--slots", "2", "--memory", "4GB", "--cache-size", "1GB",
            "--no-supervisor")).Exits(0).Output;
        Assert.DoesNotContain("As before", first, StringComparison.Ordinal);
        (await cluster.Run("cluster", "down")).Exits(0);

        string second = (await cluster.Run("cluster", "up")).Exits(0).Output;
        Assert.Contains("As before: 1 silo, 2 slots each, 4 GB of memory, no supervisor (--no-supervisor false gives it one), " +
            "checkpoints within 1 GB.", second, StringComparison.Ordinal);
        var silo = Assert.Single((await cluster.Json("cluster", "status"))["silos"]!.AsArray());
        Assert.Equal(2, silo!["slots"]!.GetValue<int>());
        Assert.Contains(Processes.With(cluster.Home), p => p.Command.Contains("--memory 4000000000", StringComparison.Ordinal));
        Assert.DoesNotContain(Processes.With(cluster.Home), p => p.Command.Contains("supervise", StringComparison.Ordinal));
        (await cluster.Run("cluster", "down")).Exits(0);

        string third = (await cluster.Run("cluster", "up", "--silos", "2", "--no-supervisor", "false")).Exits(0).Output;
        Assert.Contains("As before: 2 slots each, 4 GB of memory, checkpoints within 1 GB.", third, StringComparison.Ordinal);
        Assert.Contains(Processes.With(cluster.Home), p => p.Command.Contains("supervise", StringComparison.Ordinal));
        Assert.Contains("it runs with 2 slots a silo", (await cluster.Run("cluster", "up", "--slots", "1")).Exits(2).Errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManySilosStartAFewAtATime()
    {
        int atOnce = Math.Max(3, Environment.ProcessorCount), silos = atOnce + 3;
        await using var cluster = await LocalCluster.Up(silos);
        int starting = 0, most = 0, joined = 0;
        foreach (string line in File.ReadLines(Path.Combine(cluster.Home, "logs", "supervisor.log")))
        {
            if (line.Contains(" started: pid ", StringComparison.Ordinal)) starting++;
            if (line.EndsWith(" has joined", StringComparison.Ordinal)) (starting, joined) = (starting - 1, joined + 1);
            most = Math.Max(most, starting);
        }
        Assert.Equal(silos, joined);
        Assert.InRange(most, 1, atOnce);
    }

    [Fact]
    public async Task ByDefaultThereAreNoMoreSilosThanCores()
    {
        await using var cluster = LocalCluster.Down();
        (await cluster.Run("cluster", "up")).Exits(0);
        Assert.Equal(Math.Min(3, Environment.ProcessorCount), (await cluster.Json("cluster", "status"))["silos"]!.AsArray().Count);
    }
}
