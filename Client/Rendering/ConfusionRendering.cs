using System.Text;
using Grains.Interfaces;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>A trial's confusion matrix (row = true class, column = predicted) and the recall of each class.</summary>
internal static class ConfusionRendering
{
    public static object Json(int trial, ConfusionView view) => new { trial, view.Epoch, view.Classes, validation = Split(view, view.Validation), test = Split(view, view.Test) };

    public static string Csv(ConfusionView view)
    {
        var text = new StringBuilder($"split,true,{string.Join(',', view.Classes)},recall\n");
        foreach (var (name, counts) in Splits(view))
        {
            for (int i = 0; i < view.Classes.Length; i++)
                text.Append($"{name},{view.Classes[i]},{string.Join(',', Row(view, counts, i))},{Recall(view, counts, i)}\n");
        }
        return text.ToString();
    }

    public static void Print(int trial, ConfusionView view)
    {
        foreach (var (name, counts) in Splits(view))
        {
            var table = Output.NewTable([name, .. view.Classes.Select(c => $">{c}"), ">recall"]);
            table.Title = new TableTitle($"trial {trial}, epoch {view.Epoch}: true class by predicted, {name}");
            for (int i = 0; i < view.Classes.Length; i++)
            {
                var cells = Row(view, counts, i).Select((n, j) => i == j ? Words.Marked(Words.Count(n), "green") : n == 0 ? "[grey]0[/]" : Words.Count(n));
                table.AddRow([Markup.Escape(view.Classes[i]), .. cells, Words.Metric(Recall(view, counts, i))]);
            }
            Output.Write(table);
        }
    }

    private static object Split(ConfusionView view, int[] counts) => counts.Length == 0
        ? new { confusion = Array.Empty<int[]>(), recall = Array.Empty<double?>() }
        : new
        {
            confusion = view.Classes.Select((_, i) => Row(view, counts, i).ToArray()).ToArray(),
            recall = view.Classes.Select((_, i) => Recall(view, counts, i)).ToArray(),
        };

    private static IEnumerable<(string Name, int[] Counts)> Splits(ConfusionView view) =>
        new[] { ("validation", view.Validation), ("test", view.Test) }.Where(s => s.Item2.Length > 0);

    private static ArraySegment<int> Row(ConfusionView view, int[] counts, int i) => new(counts, i * view.Classes.Length, view.Classes.Length);

    /// <summary>Null for a class without images.</summary>
    private static double? Recall(ConfusionView view, int[] counts, int i)
    {
        var row = Row(view, counts, i);
        int total = row.Sum();
        return total == 0 ? null : (double)row[i] / total;
    }
}
