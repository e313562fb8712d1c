using System.Diagnostics;
using Grains.Interfaces.Model;

namespace Client.LocalCluster;

/// <summary>
/// Keeps the planned silos running. It starts them, restarts one that died on its own ports, follows a plan that grows, and ends them in
/// order. A silo whose heart is silent is killed, and so restarted. One that cannot even join is given up after a while. Each silo's input
/// is a pipe that only the supervisor holds, so that no silo outlives it, not even its kill -9.
/// </summary>
/// <param name="stopPatience">How long a silo may take to end in order.</param>
internal sealed class Supervisor(SweepHome home, TimeSpan stopPatience, bool traceConsole) : IDisposable
{
    private const int DeathsBeforeGivingUp = 5;
    private static readonly TimeSpan DeathWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan StoragePause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PlanInterval = TimeSpan.FromMilliseconds(300);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _starting = new(Startup.AtOnce);
    private readonly Dictionary<string, SiloProcess> _silos = [];
    private ClusterPlan _plan = new(1, []);
    private bool _unpublished;

    /// <summary>Runs until it is cancelled. Returns when every silo has ended.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        var keepers = new Dictionary<string, Task>();
        Log($"supervisor {Environment.ProcessId} of {home.Path}");
        while (!cancellationToken.IsCancellationRequested)
        {
            if (ClusterPlan.Read(home) is { } plan)
            {
                lock (_gate) _plan = plan;
                foreach (var silo in plan.Silos)
                    if (!keepers.ContainsKey(silo.Name)) keepers[silo.Name] = Keep(silo, cancellationToken);
            }
            lock (_gate)
                if (_unpublished) Publish();
            await Task.Delay(PlanInterval, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        await Task.WhenAll(keepers.Values);
        File.Delete(home.ClusterFile);
        Log("all silos have ended");
    }

    public void Dispose() => _starting.Dispose();

    private async Task Keep(SiloPlan silo, CancellationToken cancellationToken)
    {
        var deaths = new Queue<long>();
        int restarts = 0;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await _starting.WaitAsync(cancellationToken);
                using var process = Start(silo);
                Publish(new SiloProcess(silo.Name, process.Id, ProcessIdentity.StartOf(process.Id) ?? "", silo.SiloPort,
                    silo.GatewayPort, restarts, null));
                Log($"{silo.Name} started: pid {process.Id}, sockets {silo.SiloPort} and {silo.GatewayPort}");
                using var lifetime = new CancellationTokenSource();
                var starting = LetNextStart(silo.Name, process.Id, lifetime.Token);
                var watching = KillWhenSilent(silo.Name, process, lifetime.Token);
                await EndOf(silo.Name, process, cancellationToken);
                await lifetime.CancelAsync();
                await starting;
                bool silent = await watching;
                if (cancellationToken.IsCancellationRequested) return;

                if (process.ExitCode == SiloExit.StorageAway)
                {
                    // This is no fault of the silo's, so it is tried for as long as it takes.
                    Publish(new SiloProcess(silo.Name, 0, "", silo.SiloPort, silo.GatewayPort, restarts, null));
                    Log($"{silo.Name} cannot start yet: {LastWords(silo.Name)}");
                    await Task.Delay(StoragePause, cancellationToken);
                    continue;
                }
                bool joined = Startup.HasJoined(home, silo.Name, process.Id);
                string how = silent ? "a kill for its silence" : Describe(process);
                ExitNote.Write(home, silo.Name, process.Id, process.ExitCode, silent);
                restarts++;
                // A silo that had joined can be started. What ended it comes from outside, or from a training whose crashes the lease
                // broker counts.
                if (joined) deaths.Clear();
                deaths.Enqueue(Stopwatch.GetTimestamp());
                while (Stopwatch.GetElapsedTime(deaths.Peek()) > DeathWindow) deaths.Dequeue();
                bool unusable = process.ExitCode == SiloExit.Unusable;
                if (unusable || deaths.Count >= DeathsBeforeGivingUp)
                {
                    string reason = unusable ? $"cannot run: {LastWords(silo.Name)}"
                        : $"died {deaths.Count} times within a minute before it had joined, last with {how}; not restarted. " +
                          $"See {home.SiloLog(silo.Name)}";
                    Log($"{silo.Name} {reason}");
                    Publish(new SiloProcess(silo.Name, 0, "", silo.SiloPort, silo.GatewayPort, restarts, reason));
                    return;
                }
                Publish(new SiloProcess(silo.Name, 0, "", silo.SiloPort, silo.GatewayPort, restarts, null));
                var pause = TimeSpan.FromMilliseconds(100 * Math.Pow(3, deaths.Count - 1));
                Log($"{silo.Name} ended with {how}; restarted at the same address in {pause.TotalSeconds:0.0} s");
                await Task.Delay(pause, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The silo is between two lives, and there is nothing to end.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log($"{silo.Name} cannot be started: {e.Message}");
            Publish(new SiloProcess(silo.Name, 0, "", silo.SiloPort, silo.GatewayPort, restarts, e.Message));
        }
    }

    /// <summary>Returns what a silo that cannot begin says at its end.</summary>
    private string LastWords(string silo)
    {
        const string mark = "error: ";
        return LogFiles.Tail(home.SiloLog(silo), 5).LastOrDefault(l => l.StartsWith(mark, StringComparison.Ordinal))?[mark.Length..]
            ?? $"see {home.SiloLog(silo)}";
    }

    private Process Start(SiloPlan silo)
    {
        ClusterPlan plan;
        lock (_gate) plan = _plan;
        return Programs.StartSilo(home, silo, plan, lifeline: true, traceConsole);
    }

    /// <summary>Makes room for another start when this silo has joined, has ended, or takes too long.</summary>
    private async Task LetNextStart(string name, int pid, CancellationToken ended)
    {
        for (long begin = Stopwatch.GetTimestamp(); !ended.IsCancellationRequested && Stopwatch.GetElapsedTime(begin) < Startup.Patience;)
        {
            if (Startup.HasJoined(home, name, pid))
            {
                Log($"{name} has joined");
                break;
            }
            await Task.Delay(PlanInterval, ended).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        _starting.Release();
    }

    /// <summary>Kills the process once its heart has beaten and is then silent for too long. Returns true when it did.</summary>
    private async Task<bool> KillWhenSilent(string name, Process process, CancellationToken ended)
    {
        var pulse = new Pulse(home.Heartbeat(name), process.Id, Silence, PlanInterval);
        while (!ended.IsCancellationRequested)
        {
            if (pulse.IsSilent())
            {
                Log($"{name} gave no sign of life for {Silence.TotalSeconds:0} s: killed");
                Posix.Kill(process.Id);
                return true;
            }
            await Task.Delay(PlanInterval, ended).ContinueWith(_ => { }, TaskScheduler.Default);
        }
        return false;
    }

    /// <summary>Waits for the process. Once cancelled, asks it to end, and after a while makes it.</summary>
    private async Task EndOf(string name, Process process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Posix.Terminate(process.Id);
            using var patience = new CancellationTokenSource(stopPatience);
            try
            {
                await process.WaitForExitAsync(patience.Token);
                Log($"{name} ended with {Describe(process)}");
            }
            catch (OperationCanceledException)
            {
                Log($"{name} did not end within {stopPatience.TotalSeconds:0} s: killed");
                Posix.Kill(process.Id);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private void Publish(SiloProcess silo)
    {
        lock (_gate)
        {
            _silos[silo.Name] = silo;
            Publish();
        }
    }

    /// <summary>Writes again later what cannot be written now because the disk is full.</summary>
    private void Publish()
    {
        try
        {
            string start = ProcessIdentity.StartOf(Environment.ProcessId) ?? "";
            StateFile.Write(home.ClusterFile, new ClusterState(Environment.ProcessId, start, ClientVersion.Full, _plan.Slots,
                [.. _silos.Values.OrderBy(s => s.Name.Length).ThenBy(s => s.Name, StringComparer.Ordinal)], _plan.Postgres));
            _unpublished = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unpublished = true;
        }
    }

    private static string Describe(Process process) =>
        process.ExitCode > 128 ? $"signal {process.ExitCode - 128}" : $"exit code {process.ExitCode}";

    private static void Log(string line)
    {
        try
        {
            Console.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss.fff}Z {line}");
        }
        catch (IOException)
        {
            // The disk is full, and silos are looked after all the same.
        }
    }
}
