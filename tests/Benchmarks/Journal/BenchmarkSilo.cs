using System.Net;
using System.Net.Sockets;
using Grains;
using Grains.Hosting;
using Grains.Interfaces.Local;
using Grains.Leases;
using Grains.Storage.Journal;
using Grains.Telemetry;
using Grains.Training;
using Grains.Training.Data;
using Grains.Trainings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Benchmarks.Journal;

/// <summary>
/// Runs a silo in this process. It is wired as the real one but for its training loop, its membership (in memory) and its span store
/// (off).
/// </summary>
internal sealed class BenchmarkSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private BenchmarkSilo(string folder, int slots, string name, BenchmarkSilo? primary, bool sockets)
    {
        var journal = JournalDatabase.Sqlite(Path.Combine(folder, "journal.db"));
        JournalSchema.Migrate(journal);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        builder.Services
            .AddSweep(journal, Path.Combine(folder, "checkpoints"),
                new SweepOptions { SiloName = name, Slots = slots, Version = "benchmark" })
            .AddSingleton(s => new TrainingPrograms([new ClassifierProgram(s.GetRequiredService<StartingWeights>(),
                s.GetRequiredService<DatasetCache>(), s.GetRequiredService<SweepOptions>(), (recipe, _, start) => new EmptyLoop(recipe, start))]))
            .AddSingleton(new SpanStore(Path.Combine(folder, "spans.db"), NullLogger<SpanStore>.Instance));
        (Port, Gateway) = (FreePort(), FreePort());
        builder.UseOrleans(o =>
        {
            o.UseLocalhostClustering(Port, Gateway, new IPEndPoint(IPAddress.Loopback, primary?.Port ?? Port));
            o.Configure<SiloOptions>(s => s.SiloName = name);
            if (sockets) o.Services.UseLocalSockets(SocketFolder.Of(folder));
        });
        builder.Services.AddHostedService<Executor>();
        _host = builder.Build();
    }

    public JournalReader Reader => _host.Services.GetRequiredService<JournalReader>();

    /// <param name="primary">The silo to join; null for the first.</param>
    /// <param name="sockets">Whether silos reach each other by sockets in the folder, as they do in a home, or by TCP on loopback.</param>
    public static async Task<BenchmarkSilo> Start(string folder, int slots, string name = "silo-1",
        BenchmarkSilo? primary = null, bool sockets = true)
    {
        var silo = new BenchmarkSilo(folder, slots, name, primary, sockets);
        await silo._host.StartAsync();
        string generation = silo._host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
        silo._host.Services.GetRequiredService<SiloIdentity>().Announce(generation, "benchmark");
        return silo;
    }

    private int Port { get; }

    public int Gateway { get; }

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
