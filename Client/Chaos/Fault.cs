namespace Client.Chaos;

/// <summary>What is done to a cluster's processes.</summary>
internal enum FaultKind
{
    /// <summary>kill -9 of a silo that trains.</summary>
    KillSilo,
    /// <summary>kill -9 of the silo that the sweep's coordinator lives on.</summary>
    KillCoordinator,
    /// <summary>kill -9 of every silo.</summary>
    KillAll,
    /// <summary>SIGSTOP of a silo that trains, and SIGCONT before the supervisor loses patience.</summary>
    Freeze,
    /// <summary>SIGSTOP of a silo that trains, for good: the supervisor has to notice.</summary>
    Hang,
    /// <summary>SIGTERM of a silo that trains: it gives its leases back and ends.</summary>
    Drain,
}

/// <param name="Number">Counts from 1.</param>
/// <param name="Victim">In [0, 1): which of the silos that qualify, in the order of their names.</param>
/// <param name="Patient">Whether the cluster has recovered from the fault before when this one strikes.</param>
/// <param name="Pause">Between that and the strike.</param>
/// <param name="Frozen">Between SIGSTOP and SIGCONT of a freeze.</param>
internal sealed record Fault(int Number, FaultKind Kind, double Victim, bool Patient, TimeSpan Pause, TimeSpan Frozen);
