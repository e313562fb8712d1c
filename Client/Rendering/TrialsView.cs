using Client.Watching;
using Grains.Interfaces.Model;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>Renders the trials of a sweep by number, and why some of them ended as they did.</summary>
internal static class TrialsView
{
    private const int MostReasons = 10;

    public static object Json(TrialView t) => new
    {
        t.Number,
        t.Label,
        t.Replicate,
        t.State,
        t.Reason,
        t.Epoch,
        t.Epochs,
        objective = t.Objective is { } o && double.IsFinite(o) ? t.Objective : null,
        t.Silo,
        t.Attempt,
        recipe = t.Recipe.Value,
        reused = t.Reused.Select(r => new { r.From, r.To }),
        fork = t.Fork is { } f ? new { parent = f.Parent.Value, f.Epoch, weights = f.Weights.Value, optimizer = f.Optimizer.Value } : null,
    };

    public static void Print(IReadOnlyList<TrialView> trials, IAnsiConsole console)
    {
        console.Write(Table(trials));
        foreach (string line in Failures.Lines(trials)) console.Line(line);
        foreach (var other in trials.Where(t => t.Reason is not null && t.State != TrialState.Failed)
            .GroupBy(t => (t.State, t.Reason)).Take(MostReasons))
            console.Line($"{(other.Count() == 1 ? "trial" : "trials")} {Words.Numbers(other.Select(t => t.Number))} " +
                $"{other.Key.State.ToString().ToLowerInvariant()}: {other.Key.Reason}");
    }

    private static FittingTable Table(IReadOnlyList<TrialView> trials) => new FittingTable()
        .Add("#", trials.Select(t => $"{t.Number}"), number: true)
        .Add("trial", [.. trials.Select(Label.Of)])
        .Add("replicate", trials.Select(t => $"{t.Replicate}"), number: true, shorterHeader: "r")
        .Add("state", trials.Select(t => Words.Marked(t.State)))
        .Add("epoch", trials.Select(t => $"{t.Epoch}/{t.Epochs}"), number: true)
        .Add("reused", trials.Select(t => t.Reused.Length == 0 ? Words.None : string.Join(", ", t.Reused)), number: true)
        .Add("objective", trials.Select(t => Words.Metric(t.Objective)), number: true)
        .Add("silo", trials.Select(t => Markup.Escape(t.Silo ?? Words.None)))
        .Add("attempt", trials.Select(t => $"{t.Attempt}"), number: true)
        .Add("recipe", trials.Select(t => t.Fork is { } fork
            ? $"{t.Recipe.Short} from {fork.Parent.Short} at {fork.Epoch}"
            : t.Recipe.Short), shorter: trials.Select(t => t.Recipe.Short))
        .Giving("recipe", "attempt", "reused", "silo")
        .Elsewhere("--format json has them");
}
