using System.Net;
using System.Net.Sockets;
using Grains;
using Grains.Hosting;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Storage.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Tests.Shared;
using static Tests.Shared.ClassifierReadings;

namespace Tests.Cluster;

/// <summary>Runs a real silo in this process with a journal of its own and no executor. The test plays every slot.</summary>
internal sealed class BrokerSilo : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-broker-").FullName;
    private readonly IHost _host;

    private BrokerSilo()
    {
        var journal = JournalDatabase.Sqlite(Path.Combine(_folder, "journal.db"));
        JournalSchema.Migrate(journal);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton(journal).AddSingleton<JournalWriter>().AddSingleton<JournalReader>()
            .AddSingleton<TimeProvider>(Clock).AddSingleton(Options with { ExitNotes = _folder });
        var (silo, gateway) = (FreePort(), FreePort());
        builder.UseOrleans(o => o.UseLocalhostClustering(silo, gateway, new IPEndPoint(IPAddress.Loopback, silo)));
        _host = builder.Build();
    }

    public ShiftedClock Clock { get; } = new();

    public static SweepOptions Options { get; } = new() { SiloName = "silo-1", Version = "test", AcquireWait = TimeSpan.FromSeconds(2) };

    public ILeaseBrokerGrain Broker => _host.Services.GetRequiredService<IGrainFactory>().GetGrain<ILeaseBrokerGrain>(0);

    public JournalWriter Writer => _host.Services.GetRequiredService<JournalWriter>();

    public JournalReader Reader => _host.Services.GetRequiredService<JournalReader>();

    public static async Task<BrokerSilo> Start()
    {
        var silo = new BrokerSilo();
        await silo._host.StartAsync(TestContext.Current.CancellationToken);
        return silo;
    }

    /// <summary>Submits a sweep whose trials, with a training each, wait for slots. The broker has been told.</summary>
    public Task Demand(string sweep, params string[] recipes) => Demand(sweep, numericPath: null, recipes);

    /// <param name="numericPath">The code that the recipes need; null when they name none.</param>
    public async Task Demand(string sweep, string? numericPath, string[] recipes)
    {
        string json = numericPath is null ? "{}" : $$"""{"numeric_path":"{{numericPath}}"}""";
        var id = new SweepId(sweep);
        await Writer.Write(j =>
        {
            j.Submit(Rows.Sweep(sweep));
            j.Prepared(id, 1, [], [.. recipes.Select(r => Rows.Training(Name(r)) with { Json = json })],
                [.. recipes.Select((r, i) => Rows.Trial(sweep, i + 1, Name(r), 5))]);
        });
        await Broker.DemandsChanged(id, CancellationToken.None);
    }

    public Task<LeaseGrant?> Acquire(int slot, string generation = "generation", string? code = null) =>
        Broker.Acquire(new SlotRequest("silo-1", generation, slot, "fingerprint", code), TestContext.Current.CancellationToken);

    /// <summary>Ends that run of the silo: its supervisor says how, and its leases run out.</summary>
    public void Ends(string generation, string how)
    {
        File.WriteAllText(Path.Combine(_folder, generation), $"{how} 139");
        Clock.Advance(Options.LeaseDuration + TimeSpan.FromSeconds(1));
    }

    /// <summary>Plays a slot that brings its training to the epoch that was asked for, and gives the lease back.</summary>
    public async Task Complete(LeaseGrant grant)
    {
        await Writer.Write(j =>
        {
            j.Measure(grant.Recipe, grant.Attempt, Measured(grant.Milestones[^1], 0.5));
            j.Checkpoint(grant.Recipe, grant.Attempt,
                new NewCheckpoint(CheckpointKinds.State, grant.Milestones[^1], grant.Recipe, grant.Recipe, 1), 1);
            j.EndAttempt(grant.Recipe.Value, grant.Attempt, 1, AttemptOutcome.Met);
        });
        await Broker.Release(grant.Recipe, grant.Attempt, CancellationToken.None);
    }

    public static Digest Name(string recipe) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(recipe));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <summary>Shows the system's clocks, moved on by the test. Timers run as ever.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _passed, _set;

    /// <summary>Lets this much time pass.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _passed, by.Ticks);

    /// <summary>Sets the system's clock, as somebody might. No time passes.</summary>
    public void Set(TimeSpan by) => Interlocked.Add(ref _set, by.Ticks);

    public override DateTimeOffset GetUtcNow() =>
        base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _passed) + Interlocked.Read(ref _set));

    public override long GetTimestamp() =>
        base.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _passed)).TotalSeconds * TimestampFrequency);
}
