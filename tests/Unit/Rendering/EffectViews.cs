using System.Globalization;
using Grains.Analysis.Effects;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Views;
using Tests.Unit.Analysis;
using Tests.Unit.Analysis.Effects;

namespace Tests.Unit.Rendering;

/// <summary>Holds answers of `sweep compare` and `sweep effects` over trials that are made by hand.</summary>
internal static class EffectViews
{
    private static readonly ValuesParameter s_activations =
        new("activation", [.. ((string[])["relu", "leaky_relu", "tanh", "sigmoid"]).Select(t => new TextValue(t))]);

    private static readonly RangeParameter s_rates = new("rate", 0, 1, Log: false, Step: null, Integer: false);

    /// <summary>Four activations with and without batch normalization, in three replicates, one of which has diverged.</summary>
    private static readonly string[] s_grid =
    [
        "activation=relu batch_norm=false: 0.930 0.941 0.936", "activation=relu batch_norm=true: 0.951 0.966 0.955",
        "activation=tanh batch_norm=false: 0.921 0.938 0.930", "activation=tanh batch_norm=true: 0.943 0.958 0.951",
        "activation=sigmoid batch_norm=false: 0.871 0.861 0.869", "activation=sigmoid batch_norm=true: 0.894 0.882 0.891",
        "activation=leaky_relu batch_norm=false: 0.934 0.939 0.934", "activation=leaky_relu batch_norm=true: 0.953 diverged 0.958",
    ];

    public static ComparisonView Comparison() => Table(s_grid, ["activation=relu", "activation=tanh", "activation=sigmoid",
        "activation=leaky_relu"]).Compare("activation", null);

    public static EffectsView OfAGrid() => Table(s_grid).Effects();

    public static EffectsView Running() => Table(
        ["batch_norm=false epochs=25: 0.93 0.94", "batch_norm=true epochs=25: 0.95 running", "batch_norm=false epochs=40: 0.94 0.95",
            "batch_norm=true epochs=40: 0.96 running"], state: SweepState.Running).Effects();

    public static EffectsView Drawn() => Table([.. Enumerable.Range(1, 10).Select(i => string.Create(CultureInfo.InvariantCulture,
        $"batch_norm={(i % 3 == 0 ? "true" : "false")} rate={i * i * 1e-4}: {0.9 + i % 7 * 0.01}"))]).Effects();

    private static EffectTable Table(string[] lines, string[]? where = null, SweepState state = SweepState.Completed) => new(
        new SweepId("rates-p8qn6n"), state, Facts.ByAccuracy, "validation_accuracy", Trials.Grid(lines), [s_activations, s_rates],
        where ?? []);
}
