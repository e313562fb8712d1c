namespace Grains.Hosting;

/// <summary>What a silo is told at its start.</summary>
public sealed record SweepOptions
{
    /// <summary>More slots than any machine has cores.</summary>
    public const int MostSlots = 1024;

    /// <summary>The silo's name, unique in the cluster.</summary>
    public required string SiloName { get; init; }

    /// <summary>Trainings at once in this silo; each has one core in mind. Default: 1.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Bytes that the slots may take together: a training that needs more than its slot's share is failed before it begins. Default: what this process may have.</summary>
    public long Memory { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Version of the program; clients compare it with their own.</summary>
    public required string Version { get; init; }

    /// <summary>How long a lease lives without renewal. Default: 10 seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a lease is renewed. Default: 3 seconds.</summary>
    public TimeSpan RenewalInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a request for work waits for some before it answers none. Default: 2 seconds.</summary>
    public TimeSpan AcquireWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A training that goes on is checkpointed at the first epoch's end after this time, however long saving takes. Default: 5 seconds.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where saving takes no noticeable share of the time, after this one already. Default: 1 second.</summary>
    public TimeSpan ShortestCheckpointInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A training under which its silo crashed, or was killed for memory, this often without a new epoch is failed. Default: 3.</summary>
    public int CrashesBeforeFailure { get; init; } = 3;

    /// <summary>
    /// A training under which silos were lost otherwise (killed, unreachable, hung) this often without a new epoch is trained alone on its silo. It is
    /// never failed for it: nobody is to blame. Default: 10.
    /// </summary>
    public int LossesBeforeAlone { get; init; } = 10;

    /// <summary>A sweep whose preparation broke off this often, for a reason that is neither its file's nor the journal's, is failed. Default: 3.</summary>
    public int BreaksBeforeFailure { get; init; } = 3;

    /// <summary>What is broken on purpose. Default: nothing.</summary>
    public Sabotage Sabotage { get; init; }

    /// <summary>Where the supervisor notes how each run of a silo ended; null where there is none. See `Client/LocalCluster/ExitNote.cs`.</summary>
    public string? ExitNotes { get; init; }
}
