namespace Grains.Interfaces.Model;

/// <summary>The size that a sweep is to have in all. A value that is null, or no larger than the present one, changes nothing.</summary>
/// <param name="Epochs">The budget of the longest trial of each point.</param>
/// <param name="Trials">The number of points that a random sampler draws.</param>
/// <param name="Replicates">The number of replicates of each point.</param>
[GenerateSerializer, Immutable, Alias("SweepExtension")]
public sealed record SweepExtension([property: Id(0)] int? Epochs = null, [property: Id(1)] int? Trials = null,
    [property: Id(2)] int? Replicates = null);

/// <param name="Longer">The number of trials that go on to a larger budget.</param>
/// <param name="Added">The number of new trials.</param>
[GenerateSerializer, Immutable, Alias("SweepExtended")]
public sealed record SweepExtended([property: Id(0)] int Longer, [property: Id(1)] int Added);
