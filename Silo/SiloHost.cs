using System.Net;
using System.Reflection;
using Grains;
using Grains.Hosting;
using Grains.Interfaces.Local;
using Grains.Interfaces.Model;
using Grains.Leases;
using Grains.Programs;
using Grains.Storage;
using Grains.Storage.Databases;
using Grains.Storage.Journal;
using Grains.Storage.Membership;
using Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Silo;

/// <summary>Wires one silo with its databases, cluster, services and telemetry.</summary>
public static class SiloHost
{
    private const string ClusterName = "sweep";

    public static async Task<int> Run(SiloSettings settings)
    {
        var rules = new SiloSettingsRules().Validate(null, settings);
        if (rules.Failed) return await Refuse(string.Join(' ', rules.Failures));
        IHost host;
        try
        {
            PrivateHome.Claim(settings.Home, whole: false);
            host = Build(settings);
        }
        catch (Exception e) when (e is HomeRefusedException or OptionsValidationException)
        {
            return await Refuse(e.Message);
        }
        catch (Exception e) when (StorageTrouble.AtStart(e, settings.Home) is var (code, message))
        {
            await Console.Error.WriteLineAsync($"error: {message}");
            return code;
        }
        using (host) await host.RunAsync();
        return 0;
    }

    /// <summary>Writes the last words of a silo that cannot begin before somebody mends something.</summary>
    public static async Task<int> Refuse(string why)
    {
        await Console.Error.WriteLineAsync($"error: {why}");
        return SiloExit.Unusable;
    }

    private static IHost Build(SiloSettings settings)
    {
        var probe = new EnvironmentProbe();
        var (kind, membership, journal) = settings.Postgres is { } postgres
            ? (DatabaseKind.PostgreSql, postgres, new JournalDatabase(DatabaseKind.PostgreSql, postgres))
            // There are two files, because a silo that is stopped while it holds the journal's write lock must not freeze membership.
            : (DatabaseKind.Sqlite, MembershipSchema.SqliteConnection(Path.Combine(settings.Home, "membership.db")),
                JournalDatabase.Sqlite(Path.Combine(settings.Home, "journal.db")));
        journal.Fenced = settings.Sabotage != Sabotage.Fence;
        StorageTrouble.Open(Path.Combine(settings.Home, "membership.db"), () => MembershipSchema.EnsureCreated(membership, kind),
            remedy: "It only says which silos run: delete it and its -wal and -shm");
        StorageTrouble.Open(journal.File, () => JournalSchema.Migrate(journal));
        ProgramScratch.Clear(CommandProgram.ScratchOf(Options(settings)));

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.TimestampFormat = "HH:mm:ss.fff ";
            o.UseUtcTimestamp = true;
        }).SetMinimumLevel(LogLevel.Information);
        foreach (string talkative in new[] { "Orleans", "Microsoft", "Polly" }) builder.Logging.AddFilter(talkative, LogLevel.Warning);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(10));

        builder.Services
            .AddSingleton(s => new SpanStore(Path.Combine(settings.Home, "spans.db"), s.GetRequiredService<ILogger<SpanStore>>()))
            .AddSweepTelemetry(settings.Name, settings.TraceConsole, settings.Otlp);
        builder.Services.AddSweep(journal, Path.Combine(settings.Home, "checkpoints"), Options(settings));

        builder.Services.AddSingleton(probe);
        // Ours must come before Orleans adds its own.
        builder.Services.AddSingleton<IFatalErrorHandler, FatalEnd>();
        builder.UseOrleans(silo =>
        {
            silo.UseAdoNetClustering(o =>
            {
                o.Invariant = MembershipSchema.Invariant(kind);
                o.ConnectionString = membership;
            });
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (ClusterName, ClusterName));
            silo.Configure<SiloOptions>(o => o.SiloName = settings.Name);
            // This is only a name, because nothing listens there but sockets in the home.
            silo.ConfigureEndpoints(IPAddress.Loopback, settings.SiloPort, settings.GatewayPort);
            silo.Services.UseLocalSockets(SocketFolder.Of(settings.Home));
            silo.Configure<ClusterMembershipOptions>(Tuned);
            silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(20));
            silo.AddActivityPropagation();
            silo.AddStartupTask<SiloAnnouncement>();
        });
        // It starts after Orleans, so that it stops before. A drained training then still has a broker to give its lease back to.
        builder.Services.AddHostedService<Executor>();
        builder.Services.AddSingleton(settings).AddHostedService<Heartbeat>();
        if (settings.Lifeline) builder.Services.AddHostedService<Lifeline>();
        return builder.Build();
    }

    private static SweepOptions Options(SiloSettings settings)
    {
        var options = new SweepOptions
        {
            SiloName = settings.Name,
            Slots = settings.Slots,
            Version = Version,
            Home = settings.Home,
            ExitNotes = Path.Combine(settings.Home, "run", "exits"),
            Sabotage = settings.Sabotage,
        };
        return settings.Memory is { } bytes ? options with { Memory = bytes } : options;
    }

    /// <summary>Finds a hung silo in about 20 s instead of 70, and evicts none on pegged cores (docs/adr).</summary>
    private static void Tuned(ClusterMembershipOptions o)
    {
        o.ProbeTimeout = TimeSpan.FromSeconds(3);
        o.NumMissedProbesLimit = 3;
        o.NumVotesForDeathDeclaration = 2;
        o.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
    }

    private static string Version =>
        typeof(SiloHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
