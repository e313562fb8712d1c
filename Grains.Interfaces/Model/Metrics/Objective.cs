using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model.Metrics;

/// <summary>The objective that a sweep ranks by: the name of a metric, a direction, and the epoch at which it is read.</summary>
[GenerateSerializer, Immutable, Alias("Objective")]
public sealed record Objective([property: Id(0)] string Metric, [property: Id(1)] Goal Goal, [property: Id(2)] ReadAt At)
{
    /// <summary>Whether <paramref name="a"/> is strictly better than <paramref name="b"/>; NaN is worse than everything.</summary>
    public bool Better(double a, double b) => !double.IsNaN(a) && (double.IsNaN(b) || (Goal == Goal.Maximize ? a > b : a < b));
}

[JsonConverter(typeof(JsonStringEnumConverter<Goal>))]
public enum Goal
{
    [JsonStringEnumMemberName("maximize")] Maximize,
    [JsonStringEnumMemberName("minimize")] Minimize,
}

[JsonConverter(typeof(JsonStringEnumConverter<ReadAt>))]
public enum ReadAt
{
    [JsonStringEnumMemberName("best")] Best,
    [JsonStringEnumMemberName("last")] Last,
}
