namespace Grains.Interfaces.Model;

/// <summary>The comparison of one epoch of a repeated training with the journal.</summary>
/// <param name="Epoch">The epoch. The last one comes twice: its measurement, then its weights. 0 only keeps the call alive.</param>
/// <param name="Difference">The difference found, or null.</param>
/// <param name="Fingerprint">The fingerprint of the silo that repeats.</param>
/// <param name="Recorded">The fingerprint of the environment in which the training was done.</param>
[GenerateSerializer, Immutable, Alias("VerifiedEpoch")]
public sealed record VerifiedEpoch(
    [property: Id(0)] int Epoch, [property: Id(1)] string? Difference, [property: Id(2)] string Fingerprint,
    [property: Id(3)] string Recorded);
