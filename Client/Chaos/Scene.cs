using Client.LocalCluster;
using Grains.Interfaces.Model;

namespace Client.Chaos;

/// <summary>Shows what there is to strike at one moment: the home's processes beside what the cluster says of itself.</summary>
/// <param name="Processes">As the supervisor has written.</param>
/// <param name="Coordinator">Address of the silo that the sweep's coordinator lives on; null while it lives on none.</param>
internal sealed record Scene(IReadOnlyList<SiloProcess> Processes, IReadOnlyList<SiloDescription> Members, IReadOnlyList<TrialView> Trials,
    string? Coordinator)
{
    /// <summary>The silos that run and are active members, by name. A process that hangs is among them until somebody notices.</summary>
    public IEnumerable<SiloProcess> Active =>
        Processes.Where(p => p.IsAlive && MemberOf(p) is not null).OrderBy(p => p.Name, StringComparer.Ordinal);

    /// <summary>The active silos that have a training of the sweep under way.</summary>
    public IEnumerable<SiloProcess> Training => Active.Where(p => MemberOf(p)!.Busy > 0 && TrialsOn([p]).Any());

    /// <summary>The active silos on which the sweep's coordinator lives: one, or none.</summary>
    public IEnumerable<SiloProcess> Coordinating => Active.Where(p => MemberOf(p)!.Address == Coordinator);

    public bool AllActive => Active.Count() == Processes.Count;

    /// <summary>The number of measured epochs of all trials.</summary>
    public int Epochs => Trials.Sum(t => t.Epoch);

    public IEnumerable<TrialView> TrialsOn(IReadOnlyCollection<SiloProcess> silos) =>
        Trials.Where(t => t.State == TrialState.Running && silos.Any(s => s.Name == t.Silo));

    private SiloDescription? MemberOf(SiloProcess process) =>
        Members.FirstOrDefault(m => m.Name == process.Name && m.Pid == process.Pid && m.State == "Active");
}
