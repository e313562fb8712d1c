namespace Grains.Interfaces.Model;

/// <summary>What a sweep is to have in all; null leaves it as it is, and so does what it has already.</summary>
/// <param name="Epochs">The budget of the longest trial of each point.</param>
/// <param name="Trials">Points that a random sampler draws.</param>
/// <param name="Replicates">Of each point.</param>
[GenerateSerializer, Immutable, Alias("SweepExtension")]
public sealed record SweepExtension([property: Id(0)] int? Epochs = null, [property: Id(1)] int? Trials = null, [property: Id(2)] int? Replicates = null);

/// <param name="Longer">Trials that go on to a larger budget.</param>
/// <param name="Added">Trials that are new.</param>
[GenerateSerializer, Immutable, Alias("SweepExtended")]
public sealed record SweepExtended([property: Id(0)] int Longer, [property: Id(1)] int Added);
