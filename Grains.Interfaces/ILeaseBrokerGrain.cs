using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces;

/// <summary>Knows the demands of all sweeps and grants slots fenced leases on trainings, in fair shares. Its key is 0.</summary>
[Alias("ILeaseBrokerGrain")]
public interface ILeaseBrokerGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Returns the next training for a free slot. It waits a little when there is none, then answers null. It is idempotent per slot: a
    /// slot that holds a lease gets that lease again.
    /// </summary>
    [Alias("Acquire")]
    Task<LeaseGrant?> Acquire(SlotRequest slot, CancellationToken cancellationToken);

    /// <summary>Says that a slot is done with a training, whose facts are in the database.</summary>
    [Alias("Release")]
    Task Release(Digest recipe, int attempt, CancellationToken cancellationToken);

    /// <summary>Says that a sweep's demands in the database have changed.</summary>
    [Alias("DemandsChanged")]
    Task DemandsChanged(SweepId sweep, CancellationToken cancellationToken);

    /// <summary>The trainings that wait and the leases that are held, as the broker sees them.</summary>
    [Alias("Queue")]
    Task<LeaseQueue> Queue(CancellationToken cancellationToken);

    /// <summary>Keeps the broker, and through it every coordinator, alive.</summary>
    [Alias("Ping")]
    Task Ping(CancellationToken cancellationToken);
}

/// <param name="Silo">The silo's name.</param>
/// <param name="Generation">The generation of this run of the silo. Another run of the same silo holds no lease of this one.</param>
/// <param name="Slot">The slot, counted from 0.</param>
/// <param name="Fingerprint">The fingerprint of the silo's numeric environment.</param>
/// <param name="Code">The code that the silo can train with; null from a silo of a release that named nothing.</param>
[GenerateSerializer, Immutable, Alias("SlotRequest")]
public sealed record SlotRequest(
    [property: Id(0)] string Silo, [property: Id(1)] string Generation, [property: Id(2)] int Slot, [property: Id(3)] string Fingerprint,
    [property: Id(4)] string? Code = null);

/// <param name="Recipe">The digest that names the training.</param>
/// <param name="Attempt">The attempt, which fences every write of this lease.</param>
/// <param name="RecipeJson">The recipe as canonical JSON.</param>
/// <param name="DataJson">The place of the images, as JSON.</param>
/// <param name="TraceParent">The traceparent of the submission that first asked.</param>
/// <param name="Milestones">The epochs that living demands ask for and that no checkpoint holds yet, ascending.</param>
/// <param name="Objectives">The objectives of the sweeps that demand it. The best weights by each are kept.</param>
[GenerateSerializer, Immutable, Alias("LeaseGrant")]
public sealed record LeaseGrant(
    [property: Id(0)] Digest Recipe, [property: Id(1)] int Attempt, [property: Id(2)] string RecipeJson, [property: Id(3)] string DataJson,
    [property: Id(5)] string? TraceParent, [property: Id(6)] int[] Milestones, [property: Id(7)] Objective[] Objectives);
