using Grains.Hosting;
using Grains.Interfaces;
using Grains.Training;
using Grains.Trainings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Grains.Leases;

/// <summary>Pulls work for the silo's slots: a loop per slot asks the broker for a lease, trains, and asks again.</summary>
public sealed partial class Executor(
    IGrainFactory grains, SiloIdentity silo, TrainingRunner trainings, SweepOptions options, TimeProvider clock, ILogger<Executor> logger)
    : BackgroundService
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(3), PingInterval = TimeSpan.FromSeconds(1),
        PingPatience = TimeSpan.FromSeconds(3);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, options.Slots).Select(slot => Serve(slot, stoppingToken)).Append(KeepBroker(stoppingToken)));

    /// <summary>
    /// Pings the broker. When its silo has died and every slot is busy, nobody asks for work. The ping brings the broker back, and it ends
    /// the lost leases.
    /// </summary>
    private async Task KeepBroker(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(PingInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                try
                {
                    await grains.GetGrain<ILeaseBrokerGrain>(0).Ping(stopping).WaitAsync(PingPatience, clock, stopping);
                }
                catch (Exception e) when (!stopping.IsCancellationRequested)
                {
                    LogNoPing(e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo is shutting down.
        }
    }

    private async Task Serve(int slot, CancellationToken stopping)
    {
        await silo.Ready.WaitAsync(stopping);
        using var thread = new SlotThread(slot);
        var request = new SlotRequest(options.SiloName, silo.Generation, slot, silo.Fingerprint, CodeOffer.Own.Text);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var broker = grains.GetGrain<ILeaseBrokerGrain>(0);
                if (await broker.Acquire(request, stopping) is not { } grant) continue;
                await trainings.Run(grant, thread, stopping);
                // The lease is given back in the journal already. The word only saves the broker a look, and a drain does not wait long for
                // it.
                await broker.Release(grant.Recipe, grant.Attempt, CancellationToken.None)
                    .WaitAsync(ReleasePatience, clock, CancellationToken.None);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // The broker is moving or its silo is gone. Whatever it granted is in the database and comes again.
                LogNoBroker(slot, e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(250), clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The lease broker did not answer a ping: {Reason}")]
    private partial void LogNoPing(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Slot {Slot}: the lease broker did not answer ({Reason}); asking again.")]
    private partial void LogNoBroker(int slot, string reason);
}
