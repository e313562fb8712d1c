using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Specs;

namespace Client.Describing;

/// <summary>Describes one model of a sweep, with the points that train it, in the words of a paper.</summary>
/// <param name="Points">Their names, or their settings as text.</param>
/// <param name="Regularization">What acts against overfitting; empty for none.</param>
/// <param name="Beside">Fully connected networks to compare a CNN with, and their parameters; empty for a dense network.</param>
internal sealed record ModelDescription(
    ImmutableArray<string> Points, ModelSpec Model, Network Network, ImmutableArray<string> Regularization,
    ImmutableArray<(string Name, long Parameters)> Beside)
{
    /// <summary>The study's hidden layers, beside which a CNN stands in a sweep without a dense network.</summary>
    private static readonly ImmutableArray<int> UsualDense = [300, 150];

    public bool IsConvolutional => Model is CnnModel;

    /// <summary>The number of layers that count in "a network of n layers": convolutions and linear ones.</summary>
    public int WeightLayers => Network.Layers.Count(l => l is Convolution or Linear);

    public ImmutableArray<int> Filters => Model is CnnModel cnn ? cnn.Filters : [];

    /// <summary>
    /// Lists equal models once, in the plan's order. Settings that leave the model as it is, such as a learning rate, do not tell models
    /// apart.
    /// </summary>
    public static ImmutableArray<ModelDescription> Of(SweepPlan plan, ImageShape images)
    {
        var dense = plan.Points.Select(p => Of(p).Model).OfType<DenseModel>().FirstOrDefault();
        return
        [
            .. plan.Points.GroupBy(Key).Select(points =>
            {
                var first = Of(points.First());
                var network = Network.Of(first.Model, images.Height, images.Width, images.Classes);
                return new ModelDescription([.. points.Select(Label)], first.Model, network, RegularizationOf(first),
                    first.Model is CnnModel ? BesideOf(network, dense) : []);
            }),
        ];
    }

    /// <summary>The point's configuration, in a sweep of the built-in classifier.</summary>
    public static Configuration Of(PlannedPoint point) => (Configuration)point.Configuration;

    public static string Label(PlannedPoint point) => point.Name ?? SettingsOf(point);

    public static string SettingsOf(PlannedPoint point) =>
        point.Parameters.IsEmpty ? "the one point" : string.Join(" ", point.Parameters.Select(p => $"{p.Key}={p.Value}"));

    private static string Key(PlannedPoint point) =>
        $"{Canonical.Json(Of(point).Model with { Initializer = null })} " +
        $"{string.Join('|', RegularizationOf(Of(point)))}";

    private static ImmutableArray<string> RegularizationOf(Configuration configuration)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var model = configuration.Model;
        if (model.Dropout is { } rate)
            found.Add($"dropout {rate:0.##%} " +
                $"{(model is CnnModel ? "after each convolution's activation and between the dense layers" : "after each hidden layer")}");
        if (model.BatchNorm is not null)
            found.Add($"batch normalization of each {(model is CnnModel ? "convolution block" : "hidden layer")}");
        if (model.L2 is { } l2)
            found.Add($"L2 penalty {l2:R}·Σw² on the {(model is CnnModel ? "convolution kernels" : "weight matrices")}");
        if (configuration.Optimizer.WeightDecay is { } decay) found.Add($"weight decay {decay:R} in the optimizer");
        return found.ToImmutable();
    }

    /// <summary>
    /// Names networks to compare the CNN with: a dense network on the same images, and the CNN's own layers without sharing. In those each
    /// output is joined with each input.
    /// </summary>
    private static ImmutableArray<(string, long)> BesideOf(Network cnn, DenseModel? own)
    {
        var dense = own ?? new DenseModel
        {
            Hidden = UsualDense,
            Activation = new Activation(ActivationKind.Relu),
            Initializer = null,
            BatchNorm = null,
            Dropout = null,
            L2 = null,
        };
        long beside = Network.Of(dense, cnn.Height, cnn.Width, cnn.Classes).ParameterCount;
        string name = "fully connected " +
            $"{(dense.Hidden.IsEmpty ? "without hidden layers" : string.Join("-", dense.Hidden))}{(own is null ? "" : ", of this sweep")}";
        return [(name, beside), ("the same layers, each fully connected", WithoutSharing(cnn))];
    }

    private static long WithoutSharing(Network cnn)
    {
        long parameters = 0, inputs = (long)cnn.Height * cnn.Width;
        foreach (var layer in cnn.Layers)
        {
            long outputs = layer.Output.Aggregate(1L, (n, d) => n * d);
            parameters += layer is Convolution ? inputs * outputs + outputs : layer.ParameterCount;
            inputs = outputs;
        }
        return parameters;
    }
}
