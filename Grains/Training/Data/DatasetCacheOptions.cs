namespace Grains.Training.Data;

/// <summary>The memory that a silo gives to data sets.</summary>
public sealed record DatasetCacheOptions
{
    /// <summary>
    /// The bytes of pixels and labels that are kept in memory. The data set used least recently goes first, and the one used last always
    /// stays. At least 1. Default: 2 GiB.
    /// </summary>
    public long MaxBytes { get; init; } = 2L << 30;
}
