using System.Net;
using System.Net.Sockets;
using Grains.Storage;
using Grains.Storage.Databases;
using Grains.Storage.Membership;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Tests.Contracts.Membership;

/// <summary>Runs one silo in this process that knows the others by the membership tables only.</summary>
internal sealed class SiloHost : IAsyncDisposable
{
    private readonly IHost _host;

    private SiloHost(IHost host) => _host = host;

    public SiloAddress Address => _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    public static async Task<SiloHost> Start(string name, DatabaseKind kind, string connection, CancellationToken cancellationToken)
    {
        MembershipSchema.EnsureCreated(connection, kind);
        var builder = Quiet();
        builder.UseOrleans(silo => silo
            .UseAdoNetClustering(options =>
            {
                options.Invariant = MembershipSchema.Invariant(kind);
                options.ConnectionString = connection;
            })
            .Configure<SiloOptions>(options => options.SiloName = name)
            .Configure<ClusterOptions>(Identify)
            .Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = TimeSpan.FromSeconds(1);
                options.TableRefreshTimeout = TimeSpan.FromSeconds(1);
                options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(1);
            })
            .ConfigureEndpoints(IPAddress.Loopback, FreePort(), FreePort()));
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new SiloHost(host);
    }

    public static async Task<IHost> StartClient(DatabaseKind kind, string connection, CancellationToken cancellationToken)
    {
        var builder = Quiet();
        builder.UseOrleansClient(client => client
            .UseAdoNetClustering(options =>
            {
                options.Invariant = MembershipSchema.Invariant(kind);
                options.ConnectionString = connection;
            })
            .Configure<ClusterOptions>(Identify));
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Waits until this silo's own view satisfies the condition.</summary>
    public async Task WaitUntil(string what, Func<ClusterMembershipSnapshot, bool> holds, CancellationToken cancellationToken)
    {
        var membership = _host.Services.GetRequiredService<IClusterMembershipService>();
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(cancellationToken))
            {
                if (holds(snapshot)) return;
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{Address} waited for {what}; it sees {membership.CurrentSnapshot}");
        }
    }

    public Task WaitUntilActive(int silos, CancellationToken cancellationToken) => WaitUntil(
        $"{silos} active silos", snapshot => snapshot.Members.Values.Count(m => m.Status == SiloStatus.Active) == silos, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        else _host.Dispose();
    }

    private static HostApplicationBuilder Quiet()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        return builder;
    }

    private static void Identify(ClusterOptions options) => (options.ClusterId, options.ServiceId) = ("test", "sweep");

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
