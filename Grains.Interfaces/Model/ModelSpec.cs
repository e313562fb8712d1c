using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>
/// The network to train. Only the members that act are set: a member that would change nothing is null. Examples are a dropout rate of 0,
/// the batch norm of a network without one, and the initializer of a network that starts from a user's own checkpoint.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(DenseModel), "dense")]
[JsonDerivedType(typeof(CnnModel), "cnn")]
public abstract record ModelSpec
{
    /// <summary>The way in which weights start. It is null when they come from a user's own checkpoint.</summary>
    public required Initializer? Initializer { get; init; }

    /// <summary>Batch normalization after each activation of the hidden (dense) or convolution (CNN) layers; null for none.</summary>
    public required BatchNorm? BatchNorm { get; init; }

    /// <summary>Share of the activations that training sets to zero, in (0, 1); null for none.</summary>
    public required double? Dropout { get; init; }

    /// <summary>
    /// The factor λ of the penalty λ·Σw² over the weight matrices (dense) or convolution kernels (CNN); its gradient is 2λw. Null for
    /// none.
    /// </summary>
    public required double? L2 { get; init; }
}

/// <summary>
/// A fully connected network. Each width gives linear → activation → batch norm → dropout, and a linear layer leads to the classes.
/// </summary>
public sealed record DenseModel : ModelSpec
{
    /// <summary>The widths of the hidden layers, first to last. An empty list gives a linear classifier.</summary>
    public required ImmutableArray<int> Hidden { get; init; }

    /// <summary>The activation of the hidden layers; null when there is none.</summary>
    public required Activation? Activation { get; init; }
}

/// <summary>
/// A convolutional network. Each entry of <see cref="Filters"/> gives a 3×3 same-padding convolution → activation → dropout →
/// batch norm. A 2×2 max pooling follows the 1st, 3rd, 5th… block. Each entry of <see cref="Dense"/> gives linear → ELU, with
/// dropout after each but the last. A linear layer leads to the classes.
/// </summary>
public sealed record CnnModel : ModelSpec
{
    public required ImmutableArray<int> Filters { get; init; }

    /// <summary>Widths of the dense layers between the last pooling and the output; may be empty.</summary>
    public required ImmutableArray<int> Dense { get; init; }

    /// <summary>The activation of the convolution blocks; the dense layers use ELU.</summary>
    public required Activation Activation { get; init; }
}

/// <summary>
/// The nonlinearity after a layer. <paramref name="Slope"/> is that of leaky ReLU below zero, and null for every other kind.
/// </summary>
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
/// The distribution of the first weights; biases start at zero. The normals are truncated: they are redrawn beyond two deviations and
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

/// <summary>
/// Batch normalization (Ioffe and Szegedy 2015). <paramref name="Momentum"/> is torch's: the weight of the newest batch in the running
/// statistics.
/// </summary>
public sealed record BatchNorm(double Epsilon, double Momentum);
