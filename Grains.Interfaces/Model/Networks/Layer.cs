using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Networks;

/// <summary>One step of a network, with the shape that leaves it and the tensors it owns. A closed family.</summary>
/// <param name="Name">Unique in the network: conv1, norm1, dense2, output …</param>
/// <param name="Output">Of one sample: (C, H, W) or (F).</param>
public abstract record Layer(string Name, ImmutableArray<int> Output)
{
    public virtual ImmutableArray<TensorShape> Tensors => [];

    /// <summary>Trainable numbers.</summary>
    public long ParameterCount => Tensors.Where(t => t.IsTrainable).Sum(t => t.Count);
}

/// <summary>3×3, stride 1, same padding. Weight (O, I, 3, 3), bias (O).</summary>
public sealed record Convolution(string Name, int InputChannels, ImmutableArray<int> Output, bool Penalized) : Layer(Name, Output)
{
    public override ImmutableArray<TensorShape> Tensors =>
    [
        new($"{Name}.weight", [Output[0], InputChannels, 3, 3], TensorRole.Weight),
        new($"{Name}.bias", [Output[0]], TensorRole.Bias),
    ];
}

/// <summary>Weight (O, I), bias (O).</summary>
public sealed record Linear(string Name, int Input, ImmutableArray<int> Output, bool Penalized) : Layer(Name, Output)
{
    public override ImmutableArray<TensorShape> Tensors =>
    [
        new($"{Name}.weight", [Output[0], Input], TensorRole.Weight),
        new($"{Name}.bias", [Output[0]], TensorRole.Bias),
    ];
}

/// <summary>Per channel (C, H, W) or per feature (F).</summary>
public sealed record Normalization(string Name, ImmutableArray<int> Output, BatchNorm Settings) : Layer(Name, Output)
{
    public override ImmutableArray<TensorShape> Tensors =>
    [
        new($"{Name}.weight", [Output[0]], TensorRole.Scale),
        new($"{Name}.bias", [Output[0]], TensorRole.Bias),
        new($"{Name}.running_mean", [Output[0]], TensorRole.RunningMean),
        new($"{Name}.running_var", [Output[0]], TensorRole.RunningVariance),
    ];
}

public sealed record Nonlinearity(string Name, ImmutableArray<int> Output, Activation Activation) : Layer(Name, Output);

/// <summary>Active in training only; what stays is scaled by 1 / (1 − rate).</summary>
public sealed record Dropout(string Name, ImmutableArray<int> Output, double Rate) : Layer(Name, Output);

/// <summary>2×2, stride 2; an odd last row or column is dropped.</summary>
public sealed record MaxPooling(string Name, ImmutableArray<int> Output) : Layer(Name, Output);

/// <summary>(C, H, W) → (C·H·W).</summary>
public sealed record Flatten(string Name, ImmutableArray<int> Output) : Layer(Name, Output);

/// <summary>One tensor of a network: what a checkpoint holds.</summary>
public sealed record TensorShape(string Name, ImmutableArray<int> Dimensions, TensorRole Role)
{
    public long Count => Dimensions.Aggregate(1L, (n, d) => n * d);

    /// <summary>Whether gradients reach it; the others are buffers.</summary>
    public bool IsTrainable => Role is TensorRole.Weight or TensorRole.Bias or TensorRole.Scale;

    /// <summary>Inputs that feed one output: I, or I·3·3.</summary>
    public int FanIn => Dimensions.Length == 1 ? Dimensions[0] : Dimensions.Skip(1).Aggregate(1, (n, d) => n * d);

    /// <summary>Outputs that one input feeds: O, or O·3·3.</summary>
    public int FanOut => Dimensions.Length == 1 ? Dimensions[0] : Dimensions[0] * Dimensions.Skip(2).Aggregate(1, (n, d) => n * d);
}

/// <summary>What a tensor is for, and so how it starts: Weight by the initializer, Bias and RunningMean at 0, Scale and RunningVariance at 1.</summary>
public enum TensorRole { Weight, Bias, Scale, RunningMean, RunningVariance }
