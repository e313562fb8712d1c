namespace Grains.Interfaces.Model;

/// <summary>What is kept on disk for later sweeps.</summary>
[GenerateSerializer, Immutable, Alias("CacheStatus")]
public sealed record CacheStatus
{
    /// <summary>All checkpoint files.</summary>
    [Id(0)] public required long Bytes { get; init; }

    [Id(1)] public required int Files { get; init; }

    /// <summary>Trainings with a checkpoint.</summary>
    [Id(2)] public required int Trainings { get; init; }

    /// <summary>Those that a trial which has not ended needs.</summary>
    [Id(3)] public required int Needed { get; init; }

    /// <summary>What it took to train all that is kept.</summary>
    [Id(4)] public required double Seconds { get; init; }

    /// <summary>The disk budget in bytes; null for no limit.</summary>
    [Id(5)] public required long? Size { get; init; }
}

/// <param name="Trainings">Forgotten.</param>
/// <param name="Freed">Bytes deleted.</param>
/// <param name="Bytes">Bytes left.</param>
/// <param name="Size">The budget that was pruned to; null when none is set, and so nothing was pruned.</param>
[GenerateSerializer, Immutable, Alias("CachePruning")]
public sealed record CachePruning([property: Id(0)] int Trainings, [property: Id(1)] long Freed, [property: Id(2)] long Bytes, [property: Id(3)] long? Size);

/// <param name="Checked">Files read in this call.</param>
/// <param name="Damaged">Names of those that were damaged or missing, and so were dropped.</param>
/// <param name="Next">Where to go on; null when all are checked.</param>
[GenerateSerializer, Immutable, Alias("CacheVerification")]
public sealed record CacheVerification([property: Id(0)] int Checked, [property: Id(1)] Digest[] Damaged, [property: Id(2)] string? Next);
