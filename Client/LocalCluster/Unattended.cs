using System.Diagnostics;

namespace Client.LocalCluster;

/// <summary>
/// Starts silos that are left on their own. Nobody restarts one that died or kills one that hangs. The sweep still ends right, only later.
/// </summary>
internal static class Unattended
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Starts the planned silos that do not run, a few at a time, and leaves them.</summary>
    public static async Task Start(SweepHome home, ClusterPlan plan, bool traceConsole, CancellationToken cancellationToken)
    {
        var running = (ClusterState.Read(home)?.Silos ?? []).Where(s => s.IsAlive).ToDictionary(s => s.Name);
        var silos = new List<SiloProcess>();
        var starting = new List<(SiloProcess Silo, long Since)>();
        foreach (var silo in plan.Silos)
        {
            if (!running.TryGetValue(silo.Name, out var process))
            {
                await Room(home, starting, cancellationToken);
                using var started = Programs.StartSilo(home, silo, plan, lifeline: false, traceConsole);
                process = new SiloProcess(silo.Name, started.Id, ProcessIdentity.StartOf(started.Id) ?? "", silo.SiloPort,
                    silo.GatewayPort, 0, null);
                starting.Add((process, Stopwatch.GetTimestamp()));
            }
            silos.Add(process);
            new ClusterState(0, "", ClientVersion.Full, plan.Slots, silos, plan.Postgres).Write(home);
        }
    }

    private static async Task Room(SweepHome home, List<(SiloProcess Silo, long Since)> starting, CancellationToken cancellationToken)
    {
        while (true)
        {
            starting.RemoveAll(s => Startup.HasJoined(home, s.Silo.Name, s.Silo.Pid) || !s.Silo.IsAlive
                || Stopwatch.GetElapsedTime(s.Since) > Startup.Patience);
            if (starting.Count < Startup.AtOnce) return;
            await Task.Delay(Interval, cancellationToken);
        }
    }
}
