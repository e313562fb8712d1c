namespace Grains.Interfaces.Model.Views;

/// <summary>
/// A setting that varies and whose values are not compared: no two trials differ in it alone, or it is drawn from a range.
/// </summary>
/// <param name="Levels">The number of its values.</param>
/// <param name="Configurations">The number of configurations that have a result and this setting.</param>
/// <param name="Correlation">
/// Spearman's rank correlation of the setting with the metric's mean over replicates. It is null where the setting is not made of enough
/// numbers. It is no effect: other settings may go along with this one.
/// </param>
/// <param name="Low">The lower end of its 95 % interval.</param>
[GenerateSerializer, Immutable, Alias("UnpairedFactor")]
public sealed record UnpairedFactor([property: Id(0)] string By, [property: Id(1)] int Levels, [property: Id(2)] int Configurations,
    [property: Id(3)] double? Correlation, [property: Id(4)] double? Low, [property: Id(5)] double? High);
