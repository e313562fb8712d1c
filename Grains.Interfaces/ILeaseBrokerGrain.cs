using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>Key 0. Knows the demands of all sweeps and grants slots fenced leases on trainings, in fair shares.</summary>
[Alias("ILeaseBrokerGrain")]
public interface ILeaseBrokerGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// The next training for a free slot; waits a little when there is none, then answers null. Idempotent per slot: a slot that holds
    /// a lease gets that lease again.
    /// </summary>
    [Alias("Acquire")]
    Task<LeaseGrant?> Acquire(SlotRequest slot, CancellationToken cancellationToken);

    /// <summary>A slot is done with a training; its facts are in the database.</summary>
    [Alias("Release")]
    Task Release(Digest recipe, int attempt, CancellationToken cancellationToken);

    /// <summary>A sweep's demands in the database have changed.</summary>
    [Alias("DemandsChanged")]
    Task DemandsChanged(SweepId sweep, CancellationToken cancellationToken);

    /// <summary>What waits and what is held, as the broker sees it.</summary>
    [Alias("Queue")]
    Task<LeaseQueue> Queue(CancellationToken cancellationToken);

    /// <summary>Keeps the broker, and through it every coordinator, alive.</summary>
    [Alias("Ping")]
    Task Ping(CancellationToken cancellationToken);
}

/// <param name="Silo">The silo's name.</param>
/// <param name="Generation">Of this run of the silo; another run of the same silo holds no lease of this one.</param>
/// <param name="Slot">Counts from 0.</param>
/// <param name="Fingerprint">Of the silo's numeric environment.</param>
[GenerateSerializer, Immutable, Alias("SlotRequest")]
public sealed record SlotRequest(
    [property: Id(0)] string Silo, [property: Id(1)] string Generation, [property: Id(2)] int Slot, [property: Id(3)] string Fingerprint);

/// <param name="Recipe">Names the training.</param>
/// <param name="Attempt">Fences every write of this lease.</param>
/// <param name="RecipeJson">Canonical.</param>
/// <param name="DataJson">Where the images are.</param>
/// <param name="TraceParent">Of the submission that first asked.</param>
/// <param name="Milestones">The epochs that living demands ask for and that no checkpoint holds yet, ascending.</param>
/// <param name="Objectives">What the sweeps that demand it rank by: the best weights by each are kept.</param>
[GenerateSerializer, Immutable, Alias("LeaseGrant")]
public sealed record LeaseGrant(
    [property: Id(0)] Digest Recipe, [property: Id(1)] int Attempt, [property: Id(2)] string RecipeJson, [property: Id(3)] string DataJson,
    [property: Id(5)] string? TraceParent, [property: Id(6)] int[] Milestones, [property: Id(7)] Objective[] Objectives);
