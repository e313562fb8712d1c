using System.Net;
using System.Net.Sockets;
using Grains;
using Grains.Leases;
using Grains.Storage.Journal;
using Grains.Telemetry;
using Grains.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Benchmarks.Journal;

/// <summary>A silo in this process, wired as the real one but for its training loop, its membership (in memory) and its span store (off).</summary>
internal sealed class BenchmarkSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private BenchmarkSilo(string folder, int slots)
    {
        var journal = JournalDatabase.Sqlite(Path.Combine(folder, "journal.db"));
        JournalSchema.Migrate(journal);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Services
            .AddSweep(journal, Path.Combine(folder, "checkpoints"), new SweepOptions { SiloName = "silo-1", Slots = slots, Version = "benchmark" })
            .AddSingleton<EpochLoopStart>((recipe, _, start) => new EmptyLoop(recipe, start))
            .AddSingleton(new SpanStore(Path.Combine(folder, "spans.db"), NullLogger<SpanStore>.Instance));
        var (silo, gateway) = (FreePort(), FreePort());
        builder.UseOrleans(o => o.UseLocalhostClustering(silo, gateway, new IPEndPoint(IPAddress.Loopback, silo)));
        builder.Services.AddHostedService<Executor>();
        _host = builder.Build();
    }

    public JournalReader Reader => _host.Services.GetRequiredService<JournalReader>();

    public static async Task<BenchmarkSilo> Start(string folder, int slots)
    {
        var silo = new BenchmarkSilo(folder, slots);
        await silo._host.StartAsync();
        string generation = silo._host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
        silo._host.Services.GetRequiredService<SiloIdentity>().Announce(generation, "benchmark");
        return silo;
    }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
