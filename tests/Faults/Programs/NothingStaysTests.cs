namespace Tests.Faults.Programs;

/// <summary>Whatever a program started ends with its silo, however the silo ends.</summary>
public sealed class NothingStaysTests
{
    private const string Mark = "86399.25";

    [Fact]
    public async Task ProgramsThatForkAndIgnoreSigtermEndWithTheirSilo()
    {
        await using var cluster = await LocalCluster.Up(silos: 1, slots: 2);
        cluster.Write("stubborn/train.sh", $"""
            trap '' TERM INT HUP
            sleep {Mark} &
            setsid sleep {Mark} &
            (setsid sh -c 'trap "" TERM; sleep {Mark} & sleep {Mark}' &)
            while true; do sleep {Mark}; done
            """);
        string id = await cluster.Submit(cluster.Write("stubborn/sweep.yaml", """
            name: stubborn
            program:
              run: [sh, train.sh]
              files: [train.sh]
              metrics: {loss: minimize}
              timeout: none
            parameters: {point: {values: [1, 2]}}
            """));
        var first = await Sleepers(cluster, 10);

        Processes.Kill(await cluster.PidOf("silo-1"));
        await Eventually.Holds("nothing is left of what the killed silo started", TimeSpan.FromSeconds(20), () =>
            Left(cluster).Intersect(first).ToArray() is { Length: > 0 } left ? string.Join('\n', left) : null);

        // The silo is restarted, and the programs are. This time the cluster is asked to end.
        await Sleepers(cluster, 10);
        (await cluster.Run("cluster", "down")).Exits(0);
        await cluster.NothingRuns();
        Assert.Equal(0, cluster.Ask($"SELECT COUNT(*) FROM sweep WHERE id = '{id}' AND ended IS NOT NULL"));
    }

    private static async Task<(int, string)[]> Sleepers(LocalCluster cluster, int count)
    {
        await Eventually.Holds($"{count} processes sleep", LocalCluster.Patience,
            () => Left(cluster).Length == count ? null : $"{string.Join('\n', Left(cluster))}\n{cluster.Logs()}");
        return Left(cluster);
    }

    private static (int, string)[] Left(LocalCluster cluster) =>
        [.. Processes.Under(cluster.Home).Where(p => p.Command.StartsWith($"sleep {Mark}", StringComparison.Ordinal))];
}
