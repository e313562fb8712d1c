using Client.Describing;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Specs;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>What a sweep file would run.</summary>
internal static class PlanView
{
    public const int MostPoints = 50;

    public static string Totals(SweepSpec spec, SweepPlan plan) =>
        $"{Count(plan.Points.Length, "point")} × {Count(spec.Replicates, "replicate")} = {Count(plan.Trials.Length, "trial")}, {Count(Epochs(plan), "epoch")} in all";

    public static object Json(SweepSpec spec, SweepPlan plan, ImageShape images, ReuseForecast? forecast) => new
    {
        spec.Name,
        spec.Seed,
        spec.Replicates,
        points = plan.Points.Select(p => new
        {
            p.Name,
            parameters = p.Parameters.ToDictionary(x => x.Key, x => Value(x.Value)),
            p.Epochs,
            parameterCount = Network.Of(p.Configuration.Model, images.Height, images.Width, images.Classes).ParameterCount,
        }),
        trials = plan.Trials.Length,
        epochs = Epochs(plan),
        epochsToTrain = forecast?.ToTrain,
        images = new { images.Height, images.Width, images.Classes, images.Assumption },
    };

    public static void Print(SweepSpec spec, SweepPlan plan, ImageShape images, bool all)
    {
        if (images.Assumption is not null) Output.Line($"Note: {images.Assumption}.");
        bool names = plan.Points.Any(p => p.Name is not null);
        var table = Output.NewTable([">point", .. names ? ["name"] : Array.Empty<string>(), "settings", "model", ">epochs", ">trials", ">parameters"]);
        int number = 0, trial = 1;
        foreach (var p in plan.Points.Take(all ? int.MaxValue : MostPoints))
        {
            var (first, last) = (trial, trial + spec.Replicates - 1); // a point's replicates stand together
            trial += spec.Replicates;
            var model = p.Configuration.Model;
            table.AddRow(
            [
                $"{++number}", .. names ? [Markup.Escape(p.Name ?? "")] : Array.Empty<string>(), Markup.Escape(ModelDescription.SettingsOf(p)),
                model is CnnModel cnn ? $"cnn {string.Join('-', cnn.Filters)}" : $"dense {string.Join('-', ((DenseModel)model).Hidden)}",
                $"{p.Epochs}", first == last ? $"{first}" : $"{first}–{last}", Words.Count(Network.Of(model, images.Height, images.Width, images.Classes).ParameterCount),
            ]);
        }
        Output.Write(table);
        if (!all && plan.Points.Length > MostPoints) Output.Line($"… and {plan.Points.Length - MostPoints} more points; --all shows them.");
        Output.Line($"{spec.Name}: {Totals(spec, plan)}.");
    }

    private static long Epochs(SweepPlan plan) => plan.Trials.Sum(t => (long)t.Point.Epochs);

    private static object Value(SettingValue value) => value switch
    {
        NumberValue number => number.Number,
        BooleanValue boolean => boolean.Value,
        ListValue list => list.Items,
        _ => value.ToString(),
    };

    private static string Count(long n, string noun) => n == 1 ? $"1 {noun}" : $"{Words.Count(n)} {noun}s";
}
