using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Networks;

/// <summary>Describes one step of a network, with the shape that leaves it and the tensors it owns. The family is closed.</summary>
/// <param name="Name">The name, unique in the network: conv1, norm1, dense2, output …</param>
/// <param name="Output">The shape of one sample's output: (C, H, W) or (F).</param>
public abstract record Layer(string Name, ImmutableArray<int> Output)
{
    public virtual ImmutableArray<TensorShape> Tensors => [];

    /// <summary>The number of trainable weights.</summary>
    public long ParameterCount => Tensors.Where(t => t.IsTrainable).Sum(t => t.Count);
}

/// <summary>Convolves by 3×3 with stride 1 and same padding. Its weight is (O, I, 3, 3) and its bias (O).</summary>
public sealed record Convolution(string Name, int InputChannels, ImmutableArray<int> Output, bool Penalized) : Layer(Name, Output)
{
    public override ImmutableArray<TensorShape> Tensors =>
    [
        new($"{Name}.weight", [Output[0], InputChannels, 3, 3], TensorRole.Weight),
        new($"{Name}.bias", [Output[0]], TensorRole.Bias),
    ];
}

/// <summary>Mixes all inputs. Its weight is (O, I) and its bias (O).</summary>
public sealed record Linear(string Name, int Input, ImmutableArray<int> Output, bool Penalized) : Layer(Name, Output)
{
    public override ImmutableArray<TensorShape> Tensors =>
    [
        new($"{Name}.weight", [Output[0], Input], TensorRole.Weight),
        new($"{Name}.bias", [Output[0]], TensorRole.Bias),
    ];
}

/// <summary>Normalizes per channel (C, H, W) or per feature (F).</summary>
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

/// <summary>Drops numbers in training only. What stays is scaled by 1 / (1 − rate).</summary>
public sealed record Dropout(string Name, ImmutableArray<int> Output, double Rate) : Layer(Name, Output);

/// <summary>Takes the largest of 2×2 with stride 2, and drops an odd last row or column.</summary>
public sealed record MaxPooling(string Name, ImmutableArray<int> Output) : Layer(Name, Output);

/// <summary>Turns (C, H, W) into (C·H·W).</summary>
public sealed record Flatten(string Name, ImmutableArray<int> Output) : Layer(Name, Output);

/// <summary>Describes one tensor of a network, as a checkpoint holds it.</summary>
public sealed record TensorShape(string Name, ImmutableArray<int> Dimensions, TensorRole Role)
{
    public long Count => Dimensions.Aggregate(1L, (n, d) => n * d);

    /// <summary>Whether gradients reach it. The others are buffers.</summary>
    public bool IsTrainable => Role is TensorRole.Weight or TensorRole.Bias or TensorRole.Scale;

    /// <summary>The number of inputs that feed one output: I, or I·3·3.</summary>
    public int FanIn => Dimensions.Length == 1 ? Dimensions[0] : Dimensions.Skip(1).Aggregate(1, (n, d) => n * d);

    /// <summary>The number of outputs that one input feeds: O, or O·3·3.</summary>
    public int FanOut => Dimensions.Length == 1 ? Dimensions[0] : Dimensions[0] * Dimensions.Skip(2).Aggregate(1, (n, d) => n * d);
}

/// <summary>
/// Says what a tensor is for, and so how it starts. Weight starts by the initializer, Bias and RunningMean at 0, Scale and RunningVariance
/// at 1.
/// </summary>
public enum TensorRole { Weight, Bias, Scale, RunningMean, RunningVariance }
