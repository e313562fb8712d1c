namespace Grains.Interfaces.Model.Views;

/// <summary>A setting on which an effect was found to depend, with the effect at each of its values.</summary>
/// <param name="P">
/// The probability that the effect at some value differs so much from that at the others by chance, with Bonferroni's correction for the
/// number of values.
/// </param>
/// <param name="PHolm">The same, corrected by the method of Holm for every effect and setting of the answer.</param>
[GenerateSerializer, Immutable, Alias("EffectDependence")]
public sealed record EffectDependence(
    [property: Id(0)] string On, [property: Id(1)] double P, [property: Id(2)] double PHolm, [property: Id(3)] EffectAt[] At);

/// <summary>The effect at one value of another setting.</summary>
/// <param name="Low">The lower end of its own 95 % interval; null where replicates do not differ at all.</param>
[GenerateSerializer, Immutable, Alias("EffectAt")]
public sealed record EffectAt([property: Id(0)] SettingValue Level, [property: Id(1)] double Difference, [property: Id(2)] double? Low,
    [property: Id(3)] double? High, [property: Id(4)] int Pairs);
