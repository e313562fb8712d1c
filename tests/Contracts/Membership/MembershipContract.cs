using Grains.Storage;
using Grains.Storage.Membership;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Tests.Contracts.Membership;

/// <summary>What every database that carries membership must let silos do.</summary>
public abstract class MembershipContract : IDisposable
{
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    protected MembershipContract() => _deadline.CancelAfter(TimeSpan.FromSeconds(60));

    protected abstract DatabaseKind Kind { get; }

    /// <summary>To an empty database.</summary>
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
    public async Task ASiloComesBackAfterAllHaveLeftWithoutAWord()
    {
        var silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Start($"silo{i}")));
        foreach (var silo in silos) await silo.WaitUntilActive(3, Deadline);
        await Task.WhenAll(silos.Select(s => s.Abandon()));

        await using var survivor = await Start("silo0");
        await survivor.WaitUntilActive(1, Deadline);
        using var client = await SiloHost.StartClient(Kind, Connection, Deadline);
        var hosts = await client.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true);
        Assert.Equal([survivor.Address], hosts.Keys);
        await client.StopAsync(Deadline);
    }

    public virtual void Dispose()
    {
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }

    private Task<SiloHost> Start(string name) => SiloHost.Start(name, Kind, Connection, Deadline);
}
