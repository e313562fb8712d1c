using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Networks;

/// <summary>
/// Lays out a model's layers for one image size. No other place knows them: the client describes from it, the initial checkpoint is made
/// from it, and training builds its modules from it.
/// </summary>
public sealed record Network(ImmutableArray<Layer> Layers, int Height, int Width, int Classes)
{
    public IEnumerable<TensorShape> Tensors => Layers.SelectMany(l => l.Tensors);

    /// <summary>The number of trainable weights in all.</summary>
    public long ParameterCount => Layers.Sum(l => l.ParameterCount);

    /// <summary>Lays the model out for grey images of (1, <paramref name="height"/>, <paramref name="width"/>).</summary>
    /// <exception cref="SpecException">The image is too small for the model's poolings.</exception>
    public static Network Of(ModelSpec model, int height, int width, int classes) => model switch
    {
        DenseModel dense => new(Layout(dense, height, width, classes), height, width, classes),
        CnnModel cnn => new(Layout(cnn, height, width, classes), height, width, classes),
        _ => throw new InvalidOperationException($"No layout for {model.GetType().Name}."),
    };

    private static ImmutableArray<Layer> Layout(DenseModel model, int height, int width, int classes)
    {
        var layers = ImmutableArray.CreateBuilder<Layer>();
        bool penalized = model.L2 is not null;
        int features = height * width;
        layers.Add(new Flatten("flatten", [features]));
        for (int i = 0; i < model.Hidden.Length; i++)
        {
            int number = i + 1, wide = model.Hidden[i];
            layers.Add(new Linear($"dense{number}", features, [wide], penalized));
            layers.Add(new Nonlinearity($"activation{number}", [wide], model.Activation!));
            if (model.BatchNorm is { } norm) layers.Add(new Normalization($"norm{number}", [wide], norm));
            if (model.Dropout is { } rate) layers.Add(new Dropout($"dropout{number}", [wide], rate));
            features = wide;
        }
        layers.Add(new Linear("output", features, [classes], penalized));
        return layers.ToImmutable();
    }

    private static ImmutableArray<Layer> Layout(CnnModel model, int height, int width, int classes)
    {
        var layers = ImmutableArray.CreateBuilder<Layer>();
        int channels = 1, h = height, w = width, dropouts = 0;
        for (int i = 0; i < model.Filters.Length; i++)
        {
            int number = i + 1, filters = model.Filters[i];
            layers.Add(new Convolution($"conv{number}", channels, [filters, h, w], model.L2 is not null));
            layers.Add(new Nonlinearity($"activation{number}", [filters, h, w], model.Activation));
            if (model.Dropout is { } rate) layers.Add(new Dropout($"dropout{++dropouts}", [filters, h, w], rate));
            if (model.BatchNorm is { } norm) layers.Add(new Normalization($"norm{number}", [filters, h, w], norm));
            if (i % 2 == 0)
            {
                (h, w) = (h / 2, w / 2);
                if (h == 0 || w == 0)
                {
                    throw new SpecException(
                        $"filters: {model.Filters.Length} blocks halve a {height}×{width} image to nothing at block {number}. " +
                        "Use fewer blocks or larger images.");
                }
                layers.Add(new MaxPooling($"pool{number}", [filters, h, w]));
            }
            channels = filters;
        }

        int features = channels * h * w;
        layers.Add(new Flatten("flatten", [features]));
        var elu = new Activation(ActivationKind.Elu);
        for (int i = 0; i < model.Dense.Length; i++)
        {
            int number = i + 1, wide = model.Dense[i];
            layers.Add(new Linear($"dense{number}", features, [wide], Penalized: false));
            layers.Add(new Nonlinearity($"elu{number}", [wide], elu));
            bool last = number == model.Dense.Length;
            if (!last && model.Dropout is { } rate) layers.Add(new Dropout($"dropout{++dropouts}", [wide], rate));
            features = wide;
        }
        layers.Add(new Linear("output", features, [classes], Penalized: false));
        return layers.ToImmutable();
    }
}
