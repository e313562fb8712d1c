namespace Grains.Interfaces.Model.Views;

/// <summary>The effects of one setting's levels.</summary>
/// <param name="By">The setting; `epochs` for the budget.</param>
/// <param name="Baseline">
/// The level that the others are compared with. Unless asked for, it is the first in the file's order that has pairs.
/// </param>
/// <param name="Effects">The other levels that have a pair with the baseline, in the file's order.</param>
/// <param name="LevelsWithoutPairs">The number of levels that have none.</param>
[GenerateSerializer, Immutable, Alias("FactorEffects")]
public sealed record FactorEffects([property: Id(0)] string By, [property: Id(1)] SettingValue Baseline,
    [property: Id(2)] LevelEffect[] Effects, [property: Id(3)] int LevelsWithoutPairs);
