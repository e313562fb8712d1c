using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>
/// What network to train. Only what acts is set: a member that would change nothing is null (a dropout rate of 0, the batch norm
/// of a network without one, the initializer of a network that starts from a user's own checkpoint).
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DenseModel), "dense")]
[JsonDerivedType(typeof(CnnModel), "cnn")]
public abstract record ModelSpec
{
    /// <summary>How weights start. Null when they come from a user's own checkpoint.</summary>
    public required Initializer? Initializer { get; init; }

    /// <summary>Batch normalization after each activation of the hidden (dense) or convolution (CNN) layers; null for none.</summary>
    public required BatchNorm? BatchNorm { get; init; }

    /// <summary>Share of the activations that training sets to zero, in (0, 1); null for none.</summary>
    public required double? Dropout { get; init; }

    /// <summary>λ of the penalty λ·Σw² over the weight matrices (dense) or convolution kernels (CNN); its gradient is 2λw. Null for none.</summary>
    public required double? L2 { get; init; }
}

/// <summary>Fully connected: per width linear → activation → batch norm → dropout, then a linear layer to the classes.</summary>
public sealed record DenseModel : ModelSpec
{
    /// <summary>Widths of the hidden layers, first to last; may be empty (a linear classifier).</summary>
    public required ImmutableArray<int> Hidden { get; init; }

    /// <summary>Null when there is no hidden layer.</summary>
    public required Activation? Activation { get; init; }
}

/// <summary>
/// Convolutional: per entry of <see cref="Filters"/> a 3×3 same-padding convolution → activation → dropout → batch norm, with 2×2 max
/// pooling after the 1st, 3rd, 5th… block; then per entry of <see cref="Dense"/> linear → ELU, with dropout after each but the last;
/// then a linear layer to the classes.
/// </summary>
public sealed record CnnModel : ModelSpec
{
    public required ImmutableArray<int> Filters { get; init; }

    /// <summary>Widths of the dense layers between the last pooling and the output; may be empty.</summary>
    public required ImmutableArray<int> Dense { get; init; }

    /// <summary>Of the convolution blocks; the dense layers use ELU.</summary>
    public required Activation Activation { get; init; }
}

/// <summary>The nonlinearity after a layer. <paramref name="Slope"/> is that of leaky ReLU below zero and null for every other kind.</summary>
public sealed record Activation(ActivationKind Kind, double? Slope = null);

[JsonConverter(typeof(JsonStringEnumConverter<ActivationKind>))]
public enum ActivationKind
{
    [JsonStringEnumMemberName("relu")] Relu,
    [JsonStringEnumMemberName("leaky_relu")] LeakyRelu,
    [JsonStringEnumMemberName("tanh")] Tanh,
    [JsonStringEnumMemberName("sigmoid")] Sigmoid,
    [JsonStringEnumMemberName("elu")] Elu,
}

/// <summary>
/// Distribution of the first weights; biases start at zero. The normals are truncated: redrawn beyond two deviations and
/// rescaled to keep their variance, as Keras does.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<Initializer>))]
public enum Initializer
{
    /// <summary>Variance 2 / fan-in (He et al. 2015).</summary>
    [JsonStringEnumMemberName("he_normal")] HeNormal,
    [JsonStringEnumMemberName("he_uniform")] HeUniform,
    /// <summary>Variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).</summary>
    [JsonStringEnumMemberName("glorot_normal")] GlorotNormal,
    [JsonStringEnumMemberName("glorot_uniform")] GlorotUniform,
}

/// <summary>Ioffe and Szegedy 2015. <paramref name="Momentum"/> is torch's: the weight of the newest batch in the running statistics.</summary>
public sealed record BatchNorm(double Epsilon, double Momentum);
