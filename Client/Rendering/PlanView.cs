using Client.Describing;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Specs;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>Renders what a sweep file would run.</summary>
internal static class PlanView
{
    public const int MostPoints = 50;

    public static string Totals(SweepSpec spec, SweepPlan plan) => spec.Search.Decides ? Totals(spec, SearchOutlook.Of(spec)) :
        $"{Words.Count(plan.Points.Length, "point")} × {Words.Count(spec.Replicates, "replicate")} = " +
        $"{Words.Count(plan.Trials.Length, "trial")}, {Words.Count(Epochs(plan), "epoch")} in all";

    /// <summary>The size of a search, which is known only in part before it ends.</summary>
    private static string Totals(SweepSpec spec, SearchOutlook outlook)
    {
        string rungs = outlook.Rungs.Top == 0 ? "" : $", looked at after {string.Join(", ", outlook.Rungs.Epochs.SkipLast(1))} of " +
            $"{outlook.Rungs.Epochs[^1]} epochs";
        return $"up to {Words.Count(outlook.Points, "point")} × {Words.Count(spec.Replicates, "replicate")} = " +
            $"{Words.Count(outlook.Points * (long)spec.Replicates, "trial")}{rungs}; {(outlook.IsBound ? "at most" : "about")} " +
            $"{Words.Count(outlook.Epochs, "epoch")} in all";
    }

    public static object Json(SweepSpec spec, SweepPlan plan, ImageShape? images, ReuseForecast? forecast) => new
    {
        spec.Name,
        spec.Seed,
        spec.Replicates,
        points = plan.Points.Select(p => new
        {
            p.Name,
            parameters = p.Parameters.ToDictionary(x => x.Key, x => Value(x.Value)),
            p.Epochs,
            parameterCount = images is null ? (long?)null : ParameterCount(p, images),
        }),
        trials = spec.Search.Decides ? SearchOutlook.Of(spec).Points * spec.Replicates : plan.Trials.Length,
        epochs = spec.Search.Decides ? SearchOutlook.Of(spec).Epochs : Epochs(plan),
        search = spec.Search.Decides ? Search(spec) : null,
        epochsToTrain = forecast?.ToTrain,
        images = images is null ? null : new { images.Height, images.Width, images.Classes, images.Assumption },
    };

    public static void Print(SweepSpec spec, SweepPlan plan, ImageShape? images, bool all, IAnsiConsole console)
    {
        if (images?.Assumption is { } assumption) console.Line($"Note: {assumption}.");
        if (spec.Search.Decides)
            console.Line($"{SearchOf(spec)}: points are proposed as results come.{(plan.Points.IsEmpty ? "" : " Known now:")}");
        if (!plan.Points.IsEmpty) console.Write(Table(spec, plan, images, all));
        if (!all && plan.Points.Length > MostPoints)
            console.Line($"… and {plan.Points.Length - MostPoints} more points; --all shows them.");
        console.Line($"{spec.Name}: {Totals(spec, plan)}.");
    }

    private static string SearchOf(SweepSpec spec)
    {
        string sampler = Words.Wire(spec.Search.Sampler), scheduler = Words.Wire(spec.Search.Scheduler);
        return $"Sampler {sampler}, scheduler {scheduler}";
    }

    private static object Search(SweepSpec spec)
    {
        var outlook = SearchOutlook.Of(spec);
        return new
        {
            sampler = Words.Wire(spec.Search.Sampler),
            scheduler = Words.Wire(spec.Search.Scheduler),
            points = outlook.Points,
            rungs = outlook.Rungs.Epochs,
            epochs = outlook.Epochs,
            bound = outlook.IsBound,
        };
    }

    private static FittingTable Table(SweepSpec spec, SweepPlan plan, ImageShape? images, bool all)
    {
        var points = plan.Points.Take(all ? int.MaxValue : MostPoints).ToList();
        // A point's replicates stand together.
        var trials = points.Select((_, i) => Words.Numbers(Enumerable.Range((i * spec.Replicates) + 1, spec.Replicates)));
        var table = new FittingTable().Add("point", points.Select((_, i) => $"{i + 1}"), number: true);
        if (points.Any(p => p.Name is not null)) table.Add("name", points.Select(p => Markup.Escape(p.Name ?? "")));
        table.Add("settings", [.. points.Select(Label.Of)]);
        if (images is not null) table.Add("model", points.Select(Model));
        table.Add("epochs", points.Select(p => $"{p.Epochs}"), number: true).Add("trials", trials, number: true);
        if (images is not null) table.Add("parameters", points.Select(p => Words.Count(ParameterCount(p, images))), number: true);
        return table
            .Giving("model", "parameters", "epochs")
            .Elsewhere("--format json has them");
    }

    private static string Model(PlannedPoint point) => ModelDescription.Of(point).Model is CnnModel cnn
        ? $"cnn {string.Join('-', cnn.Filters)}"
        : $"dense {string.Join('-', ((DenseModel)ModelDescription.Of(point).Model).Hidden)}";

    private static long ParameterCount(PlannedPoint point, ImageShape images) =>
        Network.Of(ModelDescription.Of(point).Model, images.Height, images.Width, images.Classes).ParameterCount;

    private static long Epochs(SweepPlan plan) => plan.Trials.Sum(t => (long)t.Point.Epochs);

    private static object Value(SettingValue value) => value switch
    {
        NumberValue number => number.Number,
        BooleanValue boolean => boolean.Value,
        ListValue list => list.Items,
        _ => value.ToString(),
    };

}
