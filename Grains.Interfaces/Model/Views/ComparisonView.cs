namespace Grains.Interfaces.Model.Views;

/// <summary>The answer of `sweep compare`: what each level of one setting does. docs/effects-json.md describes its JSON.</summary>
/// <param name="LevelsWithoutPairs">The number of levels that have no pair with the baseline.</param>
[GenerateSerializer, Immutable, Alias("ComparisonView")]
public sealed record ComparisonView(
    [property: Id(0)] string By, [property: Id(1)] string Metric, [property: Id(2)] SettingValue Baseline,
    [property: Id(3)] LevelEffect[] Effects, [property: Id(4)] int LevelsWithoutPairs, [property: Id(5)] EffectsAbout About)
{
    /// <summary>The version of the JSON.</summary>
    [Id(6)] public int Version { get; init; } = 1;
}
