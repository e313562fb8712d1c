namespace Grains.Interfaces.Model;

/// <summary>The checkpoints that are kept on disk for later sweeps.</summary>
[GenerateSerializer, Immutable, Alias("CacheStatus")]
public sealed record CacheStatus
{
    /// <summary>The size of all checkpoint files.</summary>
    [Id(0)] public required long Bytes { get; init; }

    [Id(1)] public required int Files { get; init; }

    /// <summary>The number of trainings with a checkpoint.</summary>
    [Id(2)] public required int Trainings { get; init; }

    /// <summary>The number of those that a trial which has not ended needs.</summary>
    [Id(3)] public required int Needed { get; init; }

    /// <summary>The time it took to train all that is kept.</summary>
    [Id(4)] public required double Seconds { get; init; }

    /// <summary>The disk budget in bytes; null for no limit.</summary>
    [Id(5)] public required long? Size { get; init; }
}

/// <summary>The checkpoints that are kept of one training.</summary>
[GenerateSerializer, Immutable, Alias("KeptTraining")]
public sealed record KeptTraining
{
    [Id(0)] public required Digest Training { get; init; }

    /// <summary>The trials that show it; empty when their sweeps were deleted.</summary>
    [Id(1)] public required TrialId[] Trials { get; init; }

    [Id(2)] public required KeptCheckpoint[] Checkpoints { get; init; }

    /// <summary>The number of seconds that training all of it took.</summary>
    [Id(3)] public required double Seconds { get; init; }

    /// <summary>Whether a trial that has not ended, or is paused, needs the training. Then it is not pruned.</summary>
    [Id(4)] public required bool Needed { get; init; }

    public long Bytes => Checkpoints.Sum(c => c.Bytes);
}

/// <param name="Kind">"state" when training can go on from it; such as "best_validation_loss_minimize" for weights alone.</param>
/// <param name="Optimizer">Null where only weights are kept.</param>
[GenerateSerializer, Immutable, Alias("KeptCheckpoint")]
public sealed record KeptCheckpoint(
    [property: Id(0)] string Kind, [property: Id(1)] int Epoch, [property: Id(2)] long Bytes, [property: Id(3)] Digest Weights,
    [property: Id(4)] Digest? Optimizer);

/// <param name="Trainings">The number of trainings forgotten.</param>
/// <param name="Freed">The number of bytes deleted.</param>
/// <param name="Bytes">The number of bytes left.</param>
/// <param name="Size">The budget that was pruned to. It is null when none is set, and then nothing was pruned.</param>
[GenerateSerializer, Immutable, Alias("CachePruning")]
public sealed record CachePruning([property: Id(0)] int Trainings, [property: Id(1)] long Freed, [property: Id(2)] long Bytes,
    [property: Id(3)] long? Size);

/// <param name="Checked">The number of files read in this call.</param>
/// <param name="Damaged">The names of the checkpoints that were damaged or missing, and so were dropped.</param>
/// <param name="Next">The place to go on from; null when all are checked.</param>
[GenerateSerializer, Immutable, Alias("CacheVerification")]
public sealed record CacheVerification([property: Id(0)] int Checked, [property: Id(1)] Digest[] Damaged, [property: Id(2)] string? Next);
