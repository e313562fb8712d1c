using System.Globalization;
using Client.Describing;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>Renders models as tables of layers.</summary>
internal static class ModelView
{
    private const int MostPoints = 6;

    public static object Json(ModelDescription m, ImageShape images) => new
    {
        m.Points,
        kind = m.IsConvolutional ? "cnn" : "dense",
        input = new[] { 1, images.Height, images.Width },
        images.Classes,
        layers = m.Network.Layers.Select(l => new { l.Name, kind = Kind(l), output = l.Output, parameters = l.ParameterCount }),
        m.WeightLayers,
        m.Filters,
        parameterCount = m.Network.ParameterCount,
        m.Regularization,
        beside = m.Beside.Select(b => new { b.Name, parameterCount = b.Parameters }),
    };

    public static void Print(IReadOnlyList<ModelDescription> models, ImageShape images)
    {
        if (images.Assumption is not null) Output.Line($"Note: {images.Assumption}.");
        foreach (var model in models) Print(model, images);
    }

    private static void Print(ModelDescription m, ImageShape images)
    {
        string more = m.Points.Length > MostPoints ? $", and {m.Points.Length - MostPoints} more" : "";
        Output.Line($"{(m.IsConvolutional ? "CNN" : "Dense network")} of {string.Join("; ", m.Points.Take(MostPoints))}{more}");
        var layers = m.Network.Layers;
        Output.Write(new FittingTable()
            .Add("layer", ["[grey]input[/]", .. layers.Select(l => Markup.Escape(l.Name)), "[bold]in all[/]"])
            .Add("kind", ["[grey]grey image[/]", .. layers.Select(l => Markup.Escape(Kind(l))), $"{m.WeightLayers} layers with weights"])
            .Add("output", [$"[grey]1×{images.Height}×{images.Width}[/]",
                .. layers.Select(l => string.Join('×', l.Output)), ""], number: true)
            .Add("parameters", ["", .. layers.Select(l => l.ParameterCount == 0 ? "" : Words.Count(l.ParameterCount)),
                $"[bold]{Words.Count(m.Network.ParameterCount)}[/]"], number: true)
            .Giving("output", "kind")
            .Elsewhere("--format json has them"));
        if (m.IsConvolutional) Output.Line($"  filters: {string.Join(", ", m.Filters)}");
        Output.Line($"  regularization: {(m.Regularization.IsEmpty ? "none" : string.Join("; ", m.Regularization))}");
        foreach (var (name, parameters) in m.Beside)
            Output.Line($"  beside {name}: {Words.Count(parameters)} parameters, {Ratio(parameters, m.Network.ParameterCount)}");
        Output.Line("");
    }

    private static string Ratio(long other, long own)
    {
        double times = own >= other ? (double)own / other : (double)other / own;
        string factor = times.ToString(times < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture);
        return own >= other ? $"{factor} times fewer" : $"{factor} times more";
    }

    private static string Kind(Layer layer) => layer switch
    {
        Convolution c => $"convolution 3×3, {c.Output[0]} filters",
        Linear => "linear",
        Normalization => "batch normalization",
        Nonlinearity n => n.Activation.Slope is { } slope ? $"{Word(n.Activation.Kind)} (slope {slope:R})" : Word(n.Activation.Kind),
        Dropout d => $"dropout {d.Rate:0.##%}",
        MaxPooling => "max pooling 2×2",
        Flatten => "flatten",
        _ => layer.GetType().Name,
    };

    private static string Word(ActivationKind kind) => kind == ActivationKind.LeakyRelu ? "leaky_relu" : kind.ToString().ToLowerInvariant();
}
