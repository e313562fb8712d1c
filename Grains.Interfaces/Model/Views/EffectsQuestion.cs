namespace Grains.Interfaces.Model.Views;

/// <summary>What is asked of the effects of a sweep's settings, besides which setting.</summary>
/// <param name="Metric">The metric; null for the sweep's objective.</param>
/// <param name="Where">
/// Conditions on trials, each a setting and a value, such as "kind=dense". Values of one setting are alternatives, and each setting's must
/// hold.
/// </param>
[GenerateSerializer, Immutable, Alias("EffectsQuestion")]
public sealed record EffectsQuestion([property: Id(0)] string? Metric, [property: Id(1)] string[] Where);
