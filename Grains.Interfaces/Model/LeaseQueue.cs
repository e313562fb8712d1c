namespace Grains.Interfaces.Model;

/// <summary>The lease broker's view, for `sweep doctor`.</summary>
[GenerateSerializer, Immutable, Alias("LeaseQueue")]
public sealed record LeaseQueue([property: Id(0)] WaitingTraining[] Waiting, [property: Id(1)] HeldLease[] Held);

/// <param name="Fingerprint">The fingerprint of the only environment that may go on with it; null while any may begin it.</param>
/// <param name="Alone">Whether silos have died under it. Then it waits for a silo that trains nothing else.</param>
/// <param name="Obstacle">The reason why no silo has the code for it, with the remedy; null when one has, or may have.</param>
[GenerateSerializer, Immutable, Alias("WaitingTraining")]
public sealed record WaitingTraining([property: Id(0)] SweepId Sweep, [property: Id(1)] Digest Recipe,
    [property: Id(2)] string? Fingerprint,
    [property: Id(3)] bool Alone = false,
    [property: Id(4)] string? Obstacle = null);

/// <param name="Attempt">The number of the attempt; 0 while its grant is being written.</param>
[GenerateSerializer, Immutable, Alias("HeldLease")]
public sealed record HeldLease([property: Id(0)] Digest Recipe, [property: Id(1)] int Attempt, [property: Id(2)] string Silo,
    [property: Id(3)] int Slot);
