namespace Grains.Interfaces.Model;

/// <summary>How one epoch of a repeated training compares with the journal.</summary>
/// <param name="Epoch">The last one twice: its measurement, then its weights. 0 only keeps the call alive.</param>
/// <param name="Difference">What differs, or null.</param>
/// <param name="Fingerprint">Of the silo that repeats.</param>
/// <param name="Recorded">Of the environment that the training was done in.</param>
[GenerateSerializer, Immutable, Alias("VerifiedEpoch")]
public sealed record VerifiedEpoch(
    [property: Id(0)] int Epoch, [property: Id(1)] string? Difference, [property: Id(2)] string Fingerprint, [property: Id(3)] string Recorded);
