using Grains.Interfaces.Model;
using Spectre.Console;

namespace Client.Rendering;

internal static class TrialsView
{
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

    public static Table Table(IReadOnlyCollection<TrialView> trials)
    {
        bool reasons = trials.Any(t => t.Reason is not null);
        string[] columns = [">#", "trial", ">replicate", "state", ">epoch", ">reused", ">objective", "silo", ">attempt", "recipe"];
        var table = Output.NewTable(reasons ? [.. columns, "reason"] : columns);
        foreach (var t in trials)
        {
            string[] row =
            [
                $"{t.Number}", Markup.Escape(t.Label), $"{t.Replicate}", Words.Marked(t.State), $"{t.Epoch}/{t.Epochs}", t.Reused.Length == 0 ? Words.None : string.Join(", ", t.Reused), Words.Metric(t.Objective),
                Markup.Escape(t.Silo ?? Words.None), $"{t.Attempt}", t.Fork is { } fork ? $"{t.Recipe.Short} from {fork.Parent.Short} at {fork.Epoch}" : t.Recipe.Short,
            ];
            table.AddRow(reasons ? [.. row, Markup.Escape(t.Reason ?? "")] : row);
        }
        return table;
    }
}
