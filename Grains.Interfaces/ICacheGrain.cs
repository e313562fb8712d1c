using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>Keeps the checkpoints within their disk budget. Its key is 0. Measurements are kept for ever, as they are small.</summary>
[Alias("ICacheGrain")]
public interface ICacheGrain : IGrainWithIntegerKey
{
    [Alias("Status")]
    Task<CacheStatus> Status(CancellationToken cancellationToken);

    /// <summary>The checkpoints that are kept, the largest first.</summary>
    /// <param name="sweep">The sweep; null for all.</param>
    [Alias("Kept")]
    Task<KeptTraining[]> Kept(SweepId? sweep, CancellationToken cancellationToken);

    /// <summary>Sets the disk budget, in bytes, and prunes to it; null for no limit.</summary>
    [Alias("SetSize")]
    Task SetSize(long? bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes checkpoints, the least valuable first, until they fit. It never deletes what a trial that has not ended needs.
    /// </summary>
    /// <param name="bytes">The budget in bytes; null for the one that was set.</param>
    [Alias("Prune")]
    Task<CachePruning> Prune(long? bytes, CancellationToken cancellationToken);

    /// <summary>Reads checkpoints for about three seconds and compares them with their names. Damaged ones are dropped.</summary>
    /// <param name="after">The place where the call before ended; empty at first.</param>
    [Alias("Verify")]
    Task<CacheVerification> Verify(string after, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes files that nothing refers to, and prunes to the budget, if one is set. A sweep that ended calls this, and so does the lease
    /// broker now and then.
    /// </summary>
    [Alias("Tend")]
    Task Tend(CancellationToken cancellationToken);
}
