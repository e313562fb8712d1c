using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>Key 0. Keeps the checkpoints within their disk budget; measurements are kept for ever, as they are small.</summary>
[Alias("ICacheGrain")]
public interface ICacheGrain : IGrainWithIntegerKey
{
    [Alias("Status")]
    Task<CacheStatus> Status(CancellationToken cancellationToken);

    /// <summary>What is kept, the largest first.</summary>
    /// <param name="sweep">Null for all.</param>
    [Alias("Kept")]
    Task<KeptTraining[]> Kept(SweepId? sweep, CancellationToken cancellationToken);

    /// <summary>Sets the disk budget, in bytes, and prunes to it; null for no limit.</summary>
    [Alias("SetSize")]
    Task SetSize(long? bytes, CancellationToken cancellationToken);

    /// <summary>Deletes checkpoints, the least valuable first, until they fit; never what a trial that has not ended needs.</summary>
    /// <param name="bytes">Null for the budget that was set.</param>
    [Alias("Prune")]
    Task<CachePruning> Prune(long? bytes, CancellationToken cancellationToken);

    /// <summary>Reads checkpoints and compares them with their names, for about three seconds; damaged ones are dropped.</summary>
    /// <param name="after">Where the call before ended; empty at first.</param>
    [Alias("Verify")]
    Task<CacheVerification> Verify(string after, CancellationToken cancellationToken);

    /// <summary>Deletes files that nothing refers to, and prunes to the budget, if one is set. A sweep that ended says this, and the lease broker now and then.</summary>
    [Alias("Tend")]
    Task Tend(CancellationToken cancellationToken);
}
