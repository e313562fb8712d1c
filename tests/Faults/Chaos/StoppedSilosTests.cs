using Microsoft.Data.Sqlite;

namespace Tests.Faults.Chaos;

/// <summary>
/// Nobody looks after the silos, and one after the other stands still for 45 s. That is long enough to be declared dead, and to come back.
/// </summary>
[Collection(Calm.Collection)]
public sealed class StoppedSilosTests(Calm calm)
{
    private static readonly TimeSpan StandStill = TimeSpan.FromSeconds(45), Patience = TimeSpan.FromMinutes(20);
    private const string Refused = "the journal's fence refused its late write";

    [Fact]
    public async Task WhatTheyWriteLateIsRefusedAndTheResultIsTheCalmOne()
    {
        Soak.Only();
        await using var cluster = await LocalCluster.Up(silos: 3, supervised: false);
        string sweep = await cluster.Submit(cluster.Write("struck.yaml", Sweeps.Struck));
        await cluster.Journal("every silo trains", "SELECT COUNT(*) FROM attempt a WHERE a.ended IS NULL AND EXISTS (SELECT 1 FROM " +
            "measurement m WHERE m.recipe = a.recipe)", n => n == 3);

        // The coordinator's silo stops first, and it trains as well.
        string coordinator = cluster.WhoLogged($"Sweep {sweep} (struck) is submitted");
        int pid = await cluster.PidOf(coordinator);
        await LateWrite.StopWithAMeasurement(cluster, pid, Patience);
        await Stand(cluster, pid);
        await Eventually.Holds($"a late write of {coordinator} was refused", Patience,
            () => cluster.Logged(Refused) > 0 ? null : cluster.Logs());

        // Another silo stops in the middle of a transaction, while it holds the journal's write lock.
        await cluster.Journal("a silo trains", "SELECT COUNT(*) FROM attempt WHERE ended IS NULL", n => n > 0);
        string other = cluster.Text($"SELECT silo FROM attempt WHERE ended IS NULL AND silo <> '{coordinator}' LIMIT 1");
        pid = await cluster.PidOf(other);
        await StopWithTheWriteLock(cluster, pid);
        await Stand(cluster, pid);

        await cluster.Ended(sweep, Patience);
        Assert.Equal(0, cluster.Ask("SELECT COUNT(*) FROM attempt a JOIN attempt b ON b.recipe = a.recipe AND b.generation = " +
            "a.generation WHERE a.attempt < b.attempt AND a.outcome = 'Lost' AND b.outcome = 'Lost'"));
        Assert.Equal(0, cluster.Logged("FATAL EXCEPTION"));
        // The silos that were taken for dead have gone.
        (await cluster.Run("cluster", "up", "--no-supervisor")).Exits(0);
        Assert.Empty((await Evidence.Of(cluster, sweep)).Against(calm.Digest, resumed: 1));
    }

    private static async Task Stand(LocalCluster cluster, int pid)
    {
        try
        {
            // The standstill itself is tested, so this is no wait for something.
            await Task.Delay(StandStill, TestContext.Current.CancellationToken);
        }
        finally
        {
            Processes.Continue(pid);
        }
    }

    /// <summary>Stops the process at one moment after another until it is found inside a transaction.</summary>
    private static async Task StopWithTheWriteLock(LocalCluster cluster, int pid)
    {
        using var connection = LateWrite.Open(cluster, seconds: 1);
        await Eventually.Holds($"{pid} is stopped while it holds the write lock", Patience, () =>
        {
            Processes.Stop(pid);
            // One second is more than any other silo's transaction takes, so two in a row are sure.
            if (IsLocked(connection) && IsLocked(connection)) return null;
            Processes.Continue(pid);
            return "it was between two transactions";
        });
    }

    private static bool IsLocked(SqliteConnection connection)
    {
        const int Busy = 5;
        try
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            return false;
        }
        catch (SqliteException e) when (e.SqliteErrorCode == Busy)
        {
            return true;
        }
    }
}
