using System.Runtime.InteropServices;
using Grains;
using Grains.Leases;
using Grains.Storage.Journal;
using Grains.Training;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Silo;

/// <summary>Once the silo has joined: probes its numeric environment, says who it is in the journal, and opens its slots.</summary>
public sealed partial class SiloAnnouncement(
    ILocalSiloDetails details, JournalWriter writer, SiloIdentity identity, SweepOptions options, TimeProvider clock, ILogger<SiloAnnouncement> logger)
    : IStartupTask
{
    public async Task Execute(CancellationToken cancellationToken)
    {
        if (options.Sabotage != Sabotage.None) LogSabotaged(options.Sabotage);
        string generation = details.SiloAddress.ToParsableString();
        var (hash, environment) = await Probe();
        await writer.Write(j => j.Execute(
            """
            INSERT INTO silo (name, generation, pid, slots, fingerprint, environment, version, started)
            VALUES (@name, @generation, @pid, @slots, @hash, @environment, @version, @started)
            ON CONFLICT (name) DO UPDATE SET generation = excluded.generation, pid = excluded.pid, slots = excluded.slots,
                fingerprint = excluded.fingerprint, environment = excluded.environment, version = excluded.version, started = excluded.started
            """,
            new
            {
                name = options.SiloName,
                generation,
                pid = Environment.ProcessId,
                slots = options.Slots,
                hash,
                environment = $"{environment}, {RuntimeInformation.OSDescription}",
                version = options.Version,
                started = clock.GetUtcNow().ToUnixTimeMilliseconds(),
            }));
        identity.Announce(generation, hash);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "SABOTAGED: {Promise} is broken on purpose (SWEEP_SABOTAGE). No result of this silo is to be trusted.")]
    private partial void LogSabotaged(Sabotage promise);

    // On a thread like a training's: thread counts and flushing of denormals are per thread.
    private static Task<(string Hash, string Environment)> Probe()
    {
        var done = new TaskCompletionSource<(string, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                NumericThread.Prepare();
                done.SetResult(Fingerprint.Probe());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { IsBackground = true, Name = "fingerprint" }.Start();
        return done.Task;
    }
}
