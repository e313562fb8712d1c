using System.Data.Common;
using Dapper;
using Grains.Storage;
using Grains.Storage.Databases;
using Grains.Storage.Membership;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Runtime;

namespace Tests.Contracts.Membership;

/// <summary>Every database that carries membership must let silos do this.</summary>
public abstract class MembershipContract : IDisposable
{
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken);

    protected MembershipContract() => _deadline.CancelAfter(TimeSpan.FromSeconds(60));

    protected abstract DatabaseKind Kind { get; }

    /// <summary>Connects to an empty database.</summary>
    protected abstract string Connection { get; }

    private CancellationToken Deadline => _deadline.Token;

    [Fact]
    public async Task ManySilosMayCreateTheSchemaAtOnce()
    {
        using var together = new Barrier(8);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(Deadline);
                MembershipSchema.EnsureCreated(Connection, Kind);
                MembershipSchema.EnsureCreated(Connection, Kind);
            }, Deadline, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    [Fact]
    public async Task ThreeSilosFormAClusterThatAClientFindsAndASiloMayLeave()
    {
        var silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Start($"silo{i}")));
        foreach (var silo in silos) await silo.WaitUntilActive(3, Deadline);

        using var client = await SiloHost.StartClient(Kind, Connection, Deadline);
        var hosts = await client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts();
        Assert.Equal(silos.Select(s => s.Address).Order(), hosts.Keys.Order());
        Assert.All(hosts.Values, status => Assert.Equal(SiloStatus.Active, status));

        var leaver = silos[2].Address;
        await silos[2].DisposeAsync();
        foreach (var silo in silos[..2])
        {
            await silo.WaitUntil($"{leaver} to be dead", snapshot => snapshot.GetSiloStatus(leaver) == SiloStatus.Dead, Deadline);
            await silo.WaitUntilActive(2, Deadline);
        }

        await client.StopAsync(Deadline);
        foreach (var silo in silos[..2]) await silo.DisposeAsync();
    }

    [Fact]
    public async Task ASiloComesBackAfterAllWereKilled()
    {
        var silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Start($"silo{i}")));
        foreach (var silo in silos) await silo.WaitUntilActive(3, Deadline);
        foreach (var silo in silos) await silo.DisposeAsync();
        LeaveRowsAsAKillDoes();

        await using var survivor = await Start("silo0");
        await survivor.WaitUntilActive(1, Deadline);
        using var client = await SiloHost.StartClient(Kind, Connection, Deadline);
        var hosts = await client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        Assert.Equal([survivor.Address], hosts.Keys);
        await client.StopAsync(Deadline);
    }

    [Fact]
    public void OfTwoWritersWithOneVersionTheSecondChangesNothing()
    {
        MembershipSchema.EnsureCreated(Connection, Kind);
        using var connection = OpenConnection();

        Assert.Equal(1, Ask(connection, "InsertMembershipVersionKey"));
        Assert.Equal(0, Ask(connection, "InsertMembershipVersionKey"));
        Assert.Equal(1, Ask(connection, "InsertMembershipKey", port: 1, version: 0));
        Assert.Equal(0, Ask(connection, "InsertMembershipKey", port: 2, version: 0));
        Assert.Equal(0, Ask(connection, "InsertMembershipKey", port: 1, version: 1));
        Assert.Equal(1, Ask(connection, "UpdateMembershipKey", port: 1, version: 1));
        Assert.Equal(0, Ask(connection, "UpdateMembershipKey", port: 1, version: 1));
        Assert.Equal(0, Ask(connection, "UpdateMembershipKey", port: 2, version: 2));
        Ask(connection, "UpdateIAmAlivetimeKey", port: 1);
        Assert.Equal(1, Ask(connection, "InsertMembershipKey", port: 2, version: 2));
    }

    public virtual void Dispose()
    {
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }

    private DbConnection OpenConnection()
    {
        DbConnection connection = Kind == DatabaseKind.Sqlite ? new SqliteConnection(Connection) : new NpgsqlConnection(Connection);
        connection.Open();
        return connection;
    }

    /// <summary>
    /// Leaves the rows that a dead silo would leave. A silo in the test's process cannot die without a word, but its rows are known: still
    /// active.
    /// </summary>
    private void LeaveRowsAsAKillDoes()
    {
        using var connection = OpenConnection();
        int rows = connection.Execute("UPDATE OrleansMembershipTable SET Status = @Active, SuspectTimes = NULL",
            new { Active = (int)SiloStatus.Active });
        Assert.Equal(3, rows);
    }

    /// <summary>Runs a query as the provider does. A result of zero is its "no".</summary>
    private static int Ask(DbConnection connection, string key, int port = 0, int version = 0)
    {
        string query = connection.ExecuteScalar<string>("SELECT QueryText FROM OrleansQuery WHERE QueryKey = @key", new { key })!;
        return connection.ExecuteScalar<int>(query, new
        {
            DeploymentId = "test",
            Address = "127.0.0.1",
            Port = port,
            Generation = 1,
            SiloName = "silo",
            HostName = "host",
            Status = 1,
            ProxyPort = 1,
            SuspectTimes = (string?)null,
            StartTime = DateTime.UnixEpoch,
            IAmAliveTime = DateTime.UnixEpoch,
            Version = version,
        });
    }

    private Task<SiloHost> Start(string name) => SiloHost.Start(name, Kind, Connection, Deadline);
}
