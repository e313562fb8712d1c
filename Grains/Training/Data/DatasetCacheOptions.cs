namespace Grains.Training.Data;

/// <summary>How much memory a silo gives to data sets.</summary>
public sealed record DatasetCacheOptions
{
    /// <summary>
    /// Bytes of pixels and labels kept in memory; the data set used least recently goes first, the one used last always stays.
    /// At least 1. Default: 2 GiB.
    /// </summary>
    public long MaxBytes { get; init; } = 2L << 30;
}
