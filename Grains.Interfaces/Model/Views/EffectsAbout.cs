using System.Text.Json.Serialization;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Views;

/// <summary>What an answer about effects is about.</summary>
/// <param name="Sweep">The sweep's ID.</param>
/// <param name="State">The sweep's state. While it is running, the answer takes what is complete.</param>
/// <param name="Objective">What the sweep ranks by. Metrics are read at the epoch that it chooses.</param>
/// <param name="Replicates">The number of the sweep's replicates.</param>
/// <param name="Comparisons">The number of comparisons that the correction counts: those with an interval.</param>
/// <param name="Where">The conditions on trials.</param>
[GenerateSerializer, Immutable, Alias("EffectsAbout")]
public sealed record EffectsAbout(
    [property: Id(0)] string Sweep, [property: Id(1)] SweepState State, [property: Id(2)] Objective Objective,
    [property: Id(3)] MetricForm Form, [property: Id(4)] string Unit, [property: Id(5)] Goal? Goal, [property: Id(6)] int Replicates,
    [property: Id(7)] int Comparisons, [property: Id(8)] string[] Where)
{
    /// <summary>Whether a search decides while the sweep runs, so that it cannot be given more replicates.</summary>
    [JsonIgnore, Id(9)] public bool IsSearch { get; init; }
}
