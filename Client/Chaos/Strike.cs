using Client.LocalCluster;
using Grains.Interfaces.Model;

namespace Client.Chaos;

/// <summary>A fault and the silos that it meets.</summary>
/// <param name="Trials">That were being trained there.</param>
/// <param name="Epochs">Measured in the whole sweep before.</param>
internal sealed record Strike(Fault Fault, IReadOnlyList<SiloProcess> Victims, IReadOnlyList<TrialView> Trials, int Epochs)
{
    /// <summary>Returns null while there is nobody to strike: a fault meets only trainings that are under way.</summary>
    public static Strike? At(Fault fault, Scene scene)
    {
        if (!scene.Training.Any()) return null;
        SiloProcess[] qualified = fault.Kind switch
        {
            FaultKind.KillAll => scene.AllActive ? [.. scene.Active] : [],
            FaultKind.KillCoordinator => [.. scene.Coordinating],
            FaultKind.KillSilo or FaultKind.Freeze or FaultKind.Hang or FaultKind.Drain => [.. scene.Training],
            _ => throw new InvalidOperationException($"Nobody knows how to strike with {fault.Kind}."),
        };
        if (qualified.Length == 0) return null;
        SiloProcess[] victims = fault.Kind == FaultKind.KillAll ? qualified : [qualified[(int)(fault.Victim * qualified.Length)]];
        return new Strike(fault, victims, [.. scene.TrialsOn(victims)], scene.Epochs);
    }

    public async Task Carry(CancellationToken cancellationToken)
    {
        switch (Fault.Kind)
        {
            case FaultKind.KillSilo or FaultKind.KillCoordinator or FaultKind.KillAll:
                foreach (var victim in Victims) Posix.Kill(victim.Pid);
                break;
            case FaultKind.Hang:
                Posix.Stop(Victims[0].Pid);
                break;
            case FaultKind.Drain:
                Posix.Terminate(Victims[0].Pid);
                break;
            case FaultKind.Freeze:
                Posix.Stop(Victims[0].Pid);
                try
                {
                    await Task.Delay(Fault.Frozen, cancellationToken);
                }
                finally
                {
                    // The process goes on even when somebody has interrupted us.
                    Posix.Continue(Victims[0].Pid);
                }
                break;
        }
    }

    /// <summary>
    /// Says whether the cluster has recovered. Every silo is there again, as another process where this one had to end. Every training
    /// that was cut off has ended, been leased anew or got further. Somebody has measured an epoch since.
    /// </summary>
    public bool IsOvercome(Scene scene)
    {
        bool replaced = Fault.Kind == FaultKind.Freeze || Victims.All(v => scene.Processes.Any(p => p.Name == v.Name && p.Pid != v.Pid));
        return replaced && scene.AllActive && scene.Epochs > Epochs && Trials.All(struck =>
            scene.Trials.FirstOrDefault(t => t.Number == struck.Number) is not { } now
            || now.State.IsFinal() || now.Epoch > struck.Epoch || (now.State == TrialState.Running && now.Attempt > struck.Attempt));
    }

    /// <summary>Describes the strike as one line of the list.</summary>
    public override string ToString()
    {
        string who = string.Join(", ", Victims.Select(v => v.Name));
        string trials = Trials.Count == 0
            ? "no training there"
            : string.Join(", ", Trials.Select(t => $"trial {t.Number} at epoch {t.Epoch}"));
        string how = Fault.Kind == FaultKind.Freeze ? $" for {Fault.Frozen.TotalSeconds:0.0} s" : "";
        return $"{Fault.Number,3}  {Name(Fault.Kind),-16}  {who}{how}: {trials}";
    }

    public static string Name(FaultKind kind) => kind switch
    {
        FaultKind.KillSilo => "kill silo",
        FaultKind.KillCoordinator => "kill coordinator",
        FaultKind.KillAll => "kill all",
        FaultKind.Freeze => "freeze",
        FaultKind.Hang => "hang",
        FaultKind.Drain => "drain",
        _ => kind.ToString(),
    };
}
