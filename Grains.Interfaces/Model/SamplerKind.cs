using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>The way in which the points of a sweep are chosen.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SamplerKind>))]
public enum SamplerKind
{
    /// <summary>One of the others, chosen by the space and the number of trials.</summary>
    [JsonStringEnumMemberName("auto")] Auto,
    /// <summary>Every combination, the last parameter fastest.</summary>
    [JsonStringEnumMemberName("grid")] Grid,
    /// <summary>Each parameter drawn on its own, from the sweep's seed.</summary>
    [JsonStringEnumMemberName("random")] Random,
    /// <summary>Points of a scrambled Sobol sequence, which leave no part of the space out.</summary>
    [JsonStringEnumMemberName("sobol")] Sobol,
    /// <summary>Tree-structured Parzen estimators.</summary>
    [JsonStringEnumMemberName("tpe")] Tpe,
    /// <summary>A Gaussian process.</summary>
    [JsonStringEnumMemberName("gp")] Gp,
    /// <summary>The covariance matrix adaptation evolution strategy.</summary>
    [JsonStringEnumMemberName("cma_es")] CmaEs,
}

public static class SamplerKinds
{
    /// <summary>Whether the points are known before anything is trained.</summary>
    public static bool IsListed(this SamplerKind sampler) => sampler is SamplerKind.Grid or SamplerKind.Random;

    /// <summary>Whether a proposal depends on what was measured.</summary>
    public static bool Learns(this SamplerKind sampler) => sampler is not (SamplerKind.Grid or SamplerKind.Random or SamplerKind.Sobol);
}
