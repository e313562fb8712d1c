using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model.Metrics;

/// <summary>One number that a training program reports for each epoch.</summary>
/// <param name="Name">The name in files, tables and JSON, in snake_case.</param>
/// <param name="Split">The data it is taken from.</param>
/// <param name="Form">The form in which it is kept.</param>
/// <param name="Goal">The direction that is better. It is null for a metric that is only recorded.</param>
/// <param name="Unit">The unit, such as "nats"; "1" for a share or a pure number.</param>
/// <param name="Meaning">What it says, as a sentence for people.</param>
/// <param name="Reported">Whether tables show it beside the objective.</param>
[GenerateSerializer, Immutable, Alias("Metric")]
public sealed record Metric([property: Id(0)] string Name, [property: Id(1)] Split Split, [property: Id(2)] MetricForm Form,
    [property: Id(3)] Goal? Goal, [property: Id(4)] string Unit, [property: Id(5)] string Meaning, [property: Id(6)] bool Reported = false)
{
    /// <summary>Whether a sweep may rank by it. The test split is recorded and never used to choose.</summary>
    [JsonIgnore] public bool MayRank => Goal is not null && Split != Split.Test;
}

/// <summary>The part of the data that a metric is taken from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Split>))]
public enum Split
{
    [JsonStringEnumMemberName("train")] Train,
    [JsonStringEnumMemberName("validation")] Validation,
    [JsonStringEnumMemberName("test")] Test,
}

[JsonConverter(typeof(JsonStringEnumConverter<MetricForm>))]
public enum MetricForm
{
    /// <summary>A float of 64 bits, kept bit for bit.</summary>
    [JsonStringEnumMemberName("number")] Number,
    /// <summary>Two exact counts, such as 94 correct of 100. Its value is their quotient, and 0 for 0 of 0.</summary>
    [JsonStringEnumMemberName("share")] Share,
}
