namespace Client.LocalCluster;

/// <summary>Silos on their own: nobody restarts one that died or kills one that hangs. The sweep still ends right, only later.</summary>
internal static class Unattended
{
    /// <summary>Starts the planned silos that do not run, and leaves them.</summary>
    public static void Start(SweepHome home, ClusterPlan plan, bool traceConsole)
    {
        var running = (ClusterState.Read(home)?.Silos ?? []).Where(s => s.IsAlive).ToDictionary(s => s.Name);
        var silos = new List<SiloProcess>();
        foreach (var silo in plan.Silos)
        {
            if (!running.TryGetValue(silo.Name, out var process))
            {
                using var started = Programs.StartSilo(home, silo, plan.Silos.Count, plan.Slots, plan.Postgres, lifeline: false, traceConsole);
                process = new SiloProcess(silo.Name, started.Id, ProcessIdentity.StartOf(started.Id) ?? "", silo.SiloPort, silo.GatewayPort, 0, null);
            }
            silos.Add(process);
            new ClusterState(0, "", ClientVersion.Full, plan.Slots, silos, plan.Postgres).Write(home);
        }
    }
}
