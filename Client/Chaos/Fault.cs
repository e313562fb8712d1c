namespace Client.Chaos;

/// <summary>The kinds of harm that chaos does to a cluster's processes.</summary>
internal enum FaultKind
{
    /// <summary>A silo that trains is killed with -9.</summary>
    KillSilo,
    /// <summary>The silo on which the sweep's coordinator lives is killed with -9.</summary>
    KillCoordinator,
    /// <summary>Every silo is killed with -9.</summary>
    KillAll,
    /// <summary>A silo that trains is stopped by SIGSTOP, and continued by SIGCONT before the supervisor loses patience.</summary>
    Freeze,
    /// <summary>A silo that trains is stopped by SIGSTOP for good, and the supervisor has to notice.</summary>
    Hang,
    /// <summary>A silo that trains receives SIGTERM: it gives its leases back and ends.</summary>
    Drain,
}

/// <param name="Number">Counts from 1.</param>
/// <param name="Victim">In [0, 1): which of the silos that qualify, in the order of their names.</param>
/// <param name="Patient">Whether the cluster has recovered from the fault before when this one strikes.</param>
/// <param name="Pause">Between that and the strike.</param>
/// <param name="Frozen">Between SIGSTOP and SIGCONT of a freeze.</param>
internal sealed record Fault(int Number, FaultKind Kind, double Victim, bool Patient, TimeSpan Pause, TimeSpan Frozen);
