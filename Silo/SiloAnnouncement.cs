using System.Runtime.InteropServices;
using Grains;
using Grains.Hosting;
using Grains.Leases;
using Grains.Storage.Journal;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Silo;

/// <summary>Announces the silo in the journal and opens its slots, once it has joined and its numeric environment is probed.</summary>
public sealed partial class SiloAnnouncement(
    ILocalSiloDetails details, EnvironmentProbe probe, JournalWriter writer, SiloIdentity identity, SweepOptions options,
    TimeProvider clock, ILogger<SiloAnnouncement> logger)
    : IStartupTask
{
    public async Task Execute(CancellationToken cancellationToken)
    {
        if (options.Sabotage != Sabotage.None) LogSabotaged(options.Sabotage);
        string generation = details.SiloAddress.ToParsableString();
        var (hash, environment) = await probe.Result;
        await writer.Write(j => j.AnnounceSilo(options.SiloName, generation, Environment.ProcessId, options.Slots, hash,
            $"{environment}, {RuntimeInformation.OSDescription}", options.Version, clock.GetUtcNow().ToUnixTimeMilliseconds()));
        identity.Announce(generation, hash);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "SABOTAGED: {Promise} is broken on purpose (SWEEP_SABOTAGE). " +
        "No result of this silo is to be trusted.")]
    private partial void LogSabotaged(Sabotage promise);
}
