using Grains.Hosting;
using Grains.Interfaces;
using Grains.Leases;
using Microsoft.Extensions.Hosting;

namespace Silo;

/// <summary>
/// Shows the supervisor that this silo lives. A thread of its own renames run/NAME.heartbeat into place and renews its time, but only
/// while a grain of this silo answers too. A thread alone would not notice a thread pool that is stuck, and a grain alone would call
/// pegged cores a hang. A draining silo has no grains left to ask, so its thread speaks for it for a while.
/// </summary>
/// <remarks>Nothing is written into the file after the first time, so that a full disk ends no heart.</remarks>
public sealed class Heartbeat(SiloSettings settings, IGrainFactory grains, SiloIdentity identity,
    IHostApplicationLifetime lifetime, TimeProvider clock)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500), DrainPatience = TimeSpan.FromSeconds(20);

    private readonly string _file = Path.Combine(settings.Home, "run", $"{settings.Name}.heartbeat");
    private int _answers;
    private volatile bool _stopped;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await identity.Ready.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested) return;
        new Thread(Beat) { IsBackground = true, Name = "heartbeat", Priority = ThreadPriority.AboveNormal }.Start();
        // The grain is stateless, so it is always one of this silo.
        var grain = grains.GetGrain<IClusterGrain>(0);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await grain.Version().WaitAsync(stoppingToken);
                Interlocked.Increment(ref _answers);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // Without an answer there is no beat.
            }
            catch (OperationCanceledException)
            {
                return;
            }
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        _stopped = true;
        base.Dispose();
    }

    private void Beat()
    {
        int seen = -1;
        long draining = 0;
        while (!_stopped)
        {
            if (draining == 0 && lifetime.ApplicationStopping.IsCancellationRequested) draining = clock.GetTimestamp();
            int answers = Volatile.Read(ref _answers);
            if (answers != seen || (draining != 0 && clock.GetElapsedTime(draining) < DrainPatience))
            {
                if (TryTouch(first: seen < 0)) seen = answers;
            }
#pragma warning disable RS0030 // A thread of its own, so that no timer and no thread pool stands between it and the beat.
            Thread.Sleep(Interval);
#pragma warning restore RS0030
        }
    }

    /// <summary>Writes who we are the first time, so that nobody takes an earlier silo's file for ours.</summary>
    private bool TryTouch(bool first)
    {
        try
        {
            if (first)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
                string temporary = $"{_file}.{Environment.ProcessId}";
                File.WriteAllText(temporary, $"{Environment.ProcessId} {identity.Generation}");
                File.Move(temporary, _file, overwrite: true);
            }
            else
            {
                File.SetLastWriteTimeUtc(_file, clock.GetUtcNow().UtcDateTime);
            }
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no room, or somebody tidied up. The next beat tries anew.
            return false;
        }
    }
}
