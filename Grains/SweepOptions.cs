namespace Grains;

/// <summary>What a silo is told at its start.</summary>
public sealed record SweepOptions
{
    /// <summary>The silo's name, unique in the cluster.</summary>
    public required string SiloName { get; init; }

    /// <summary>Trainings at once in this silo; each has one core in mind. Default: 1.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Version of the program; clients compare it with their own.</summary>
    public required string Version { get; init; }

    /// <summary>How long a lease lives without renewal. Default: 10 seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a lease is renewed. Default: 3 seconds.</summary>
    public TimeSpan RenewalInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a request for work waits for some before it answers none. Default: 2 seconds.</summary>
    public TimeSpan AcquireWait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A training that goes on is checkpointed at the first epoch's end after this time. Default: 5 seconds.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A training whose silo died this often without a new epoch is failed. Default: 5.</summary>
    public int LossesBeforeFailure { get; init; } = 5;
}
