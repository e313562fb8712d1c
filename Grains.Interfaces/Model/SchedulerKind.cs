using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>The way in which a sweep decides which trials go on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SchedulerKind>))]
public enum SchedulerKind
{
    /// <summary>Every trial is trained to its budget.</summary>
    [JsonStringEnumMemberName("full")] Full,
    /// <summary>A trial stops at a rung where it is worse than the median of the others there.</summary>
    [JsonStringEnumMemberName("median")] Median,
    /// <summary>A trial stops when it has not become better for `min_epochs` epochs.</summary>
    [JsonStringEnumMemberName("patience")] Patience,
    /// <summary>All trials are trained for `min_epochs` epochs, then the best of them to the end.</summary>
    [JsonStringEnumMemberName("screening")] Screening,
    /// <summary>Blocks of trials, of which the best part goes on at each rung.</summary>
    [JsonStringEnumMemberName("halving")] Halving,
    /// <summary>Blocks that begin at different rungs, one after the other.</summary>
    [JsonStringEnumMemberName("hyperband")] Hyperband,
    /// <summary>A trial goes on as soon as it is in the best part of those that have come to its rung so far.</summary>
    [JsonStringEnumMemberName("asha")] Asha,
}
