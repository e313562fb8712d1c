namespace Grains.Hosting;

/// <summary>The options that a silo is given at its start.</summary>
public sealed record SweepOptions
{
    /// <summary>The most slots allowed, which is more than any machine has cores.</summary>
    public const int MostSlots = 1024;

    /// <summary>The silo's name, unique in the cluster.</summary>
    public required string SiloName { get; init; }

    /// <summary>The number of trainings at once in this silo; each has one core in mind. Default: 1.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>
    /// The bytes that the slots may take together. A training that needs more than its slot's share is failed before it begins. Default:
    /// what this process may have.
    /// </summary>
    public long Memory { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The folder in which programs of the users run and leave their logs. Default: the system's folder for temporary files.</summary>
    public string Home { get; init; } = Path.GetTempPath();

    /// <summary>The silo's own program, which also guards the processes that it starts. Default: it stands beside this code.</summary>
    public string Guard { get; init; } = Path.Combine(AppContext.BaseDirectory, "Silo.dll");

    /// <summary>The version of the program, which clients compare with their own.</summary>
    public required string Version { get; init; }

    /// <summary>How long a lease lives without renewal. Default: 10 seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a lease is renewed. Default: 3 seconds.</summary>
    public TimeSpan RenewalInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a request for work waits for some before it answers none. Default: 2 seconds.</summary>
    public TimeSpan AcquireWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A training that goes on is checkpointed at the first epoch's end after this time, however long saving takes. Default: 5 seconds.
    /// </summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The shorter time that holds where saving takes no noticeable share of the time. Default: 1 second.</summary>
    public TimeSpan ShortestCheckpointInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The number of crashes without a new epoch after which a training is failed. A crash of its silo counts, and so does a kill for
    /// memory. Default: 3.
    /// </summary>
    public int CrashesBeforeFailure { get; init; } = 3;

    /// <summary>
    /// The number of other losses without a new epoch (the silo was killed, unreachable or hung) after which a training is trained alone on
    /// its silo. It is never failed for it, because nobody is to blame. Default: 10.
    /// </summary>
    public int LossesBeforeAlone { get; init; } = 10;

    /// <summary>
    /// The number of times a sweep's preparation may break off before the sweep is failed. Reasons that are its file's or the journal's do
    /// not count. Default: 3.
    /// </summary>
    public int BreaksBeforeFailure { get; init; } = 3;

    /// <summary>The promises that the silo breaks on purpose. Default: none.</summary>
    public Sabotage Sabotage { get; init; }

    /// <summary>
    /// The place where the supervisor notes how each run of a silo ended; null where there is none. See `Client/LocalCluster/ExitNote.cs`.
    /// </summary>
    public string? ExitNotes { get; init; }
}
