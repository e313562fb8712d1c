namespace Grains.Interfaces.Model.Views;

/// <summary>The answer of `sweep effects`: what every setting does. docs/effects-json.md describes its JSON.</summary>
/// <param name="Factors">The settings that have pairs: those of the file's parameters in its order, then others by name.</param>
/// <param name="Unpaired">The settings that have none.</param>
[GenerateSerializer, Immutable, Alias("EffectsView")]
public sealed record EffectsView(
    [property: Id(0)] string Metric, [property: Id(1)] FactorEffects[] Factors, [property: Id(2)] UnpairedFactor[] Unpaired,
    [property: Id(3)] EffectsAbout About)
{
    /// <summary>The version of the JSON.</summary>
    [Id(4)] public int Version { get; init; } = 1;
}
