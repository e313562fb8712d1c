using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>
/// One setting of everything that a sweep of the classifier can vary, in the form in which it acts. Two points that act alike are equal
/// here.
/// </summary>
public sealed record Configuration : ProgramConfiguration
{
    public required ModelSpec Model { get; init; }

    public required OptimizerSpec Optimizer { get; init; }

    /// <summary>The number of samples per update; null for all of them at once (batch gradient descent).</summary>
    public required int? BatchSize { get; init; }

    /// <summary>The most images of each split that are used, the first in its order; null for all.</summary>
    public required int? Limit { get; init; }

    public required Precision Precision { get; init; }

    /// <summary>
    /// The form in which the configuration acts on these data. A limit that does not bind becomes null, and so does a batch that holds
    /// everything.
    /// </summary>
    public Configuration For(DataIdentity data)
    {
        int? limit = Limit < Math.Max(data.Train, Math.Max(data.Validation, data.Test)) ? Limit : null;
        int samples = Math.Min(data.Train, limit ?? data.Train);
        return this with { Limit = limit, BatchSize = BatchSize < samples ? BatchSize : null };
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<Precision>))]
public enum Precision
{
    [JsonStringEnumMemberName("fp32")] Float32,
    /// <summary>Matrix products and convolutions are in bfloat16, weights and everything else in float32.</summary>
    [JsonStringEnumMemberName("bf16")] BFloat16,
}

/// <summary>
/// The way in which gradients become updates. At update t = 0, 1, … the rate is <see cref="LearningRate"/> / (1 +
/// <see cref="Decay"/>·t).
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Adam), "adam")]
[JsonDerivedType(typeof(AdamW), "adamw")]
[JsonDerivedType(typeof(Sgd), "sgd")]
public abstract record OptimizerSpec
{
    public required double LearningRate { get; init; }

    /// <summary>The decay of the learning rate; null when 0.</summary>
    public required double? Decay { get; init; }

    /// <summary>
    /// The weight decay of torch. The gradient grows by this times the weight (Adam, SGD), or the weight shrinks by rate times this
    /// (AdamW). Null when 0.
    /// </summary>
    public required double? WeightDecay { get; init; }
}

/// <summary>Kingma and Ba 2015, Algorithm 1.</summary>
public record Adam : OptimizerSpec
{
    public required double Beta1 { get; init; }

    public required double Beta2 { get; init; }

    public required double Epsilon { get; init; }
}

/// <summary>Loshchilov and Hutter 2019: decoupled weight decay.</summary>
public sealed record AdamW : Adam;

/// <summary>Stochastic gradient descent; <see cref="Momentum"/> is null when 0.</summary>
public sealed record Sgd : OptimizerSpec
{
    public required double? Momentum { get; init; }
}
