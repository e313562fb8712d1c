using System.Text;
using Grains.Interfaces;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>Renders a trial's confusion matrix (row = true class, column = predicted) and the recall of each class.</summary>
internal static class ConfusionRendering
{
    public static object Json(int trial, ConfusionView view) =>
        new { trial, view.Epoch, view.Classes, validation = Split(view, view.Validation), test = Split(view, view.Test) };

    public static string Csv(ConfusionView view)
    {
        var text = new StringBuilder(Words.CsvLine(["split", "true_class", "recall", .. view.Classes.Select(c => $"predicted_{c}")]));
        foreach (var (name, counts) in Splits(view))
        {
            for (int i = 0; i < view.Classes.Length; i++)
                text.Append(Words.CsvLine([name, view.Classes[i], Words.CsvNumber(Recall(view, counts, i)),
                    .. Row(view, counts, i).Select(n => $"{n}")]));
        }
        return text.ToString();
    }

    public static void Print(int trial, ConfusionView view, IAnsiConsole console)
    {
        foreach (var (name, counts) in Splits(view))
        {
            console.Line($"trial {trial}, epoch {view.Epoch}: true class by predicted, {name}");
            // Numbers stand for names that are too wide for columns.
            var table = new FittingTable()
                .Add(name, view.Classes.Select(Markup.Escape), shorter: view.Classes.Select((c, i) => $"{i} {Markup.Escape(c)}"));
            for (int j = 0; j < view.Classes.Length; j++)
                table.Add(view.Classes[j], view.Classes.Select((_, i) => Cell(Row(view, counts, i)[j], i == j)),
                    number: true, shorterHeader: $"{j}");
            string[] recalls = [.. view.Classes.Select((_, i) => Words.Metric(Recall(view, counts, i)))];
            console.Write(table.Add("recall", recalls, number: true)
                .Giving("recall").Elsewhere("--format csv has them").Otherwise(new FittingTable()
                .Add(name, view.Classes.Select(Markup.Escape))
                .Add("recall", recalls, number: true)
                .Add("mistaken for", view.Classes.Select((_, i) => Mistakes(view, counts, i, 3)),
                    shorter: view.Classes.Select((_, i) => Mistakes(view, counts, i, 1)))
                .Elsewhere("--format csv has them")));
        }
    }

    /// <summary>Lists the classes for which one class's images were most often taken, such as "Coat 120, Shirt 7".</summary>
    private static string Mistakes(ConfusionView view, int[] counts, int i, int most) => string.Join(", ", Row(view, counts, i)
        .Index().Where(c => c.Index != i && c.Item > 0)
        .OrderByDescending(c => c.Item).Take(most).Select(c => Markup.Escape($"{view.Classes[c.Index]} {c.Item}")));

    private static string Cell(int count, bool right) =>
        right ? Words.Marked(Words.Count(count), "green") : count == 0 ? "[grey]0[/]" : Words.Count(count);

    private static object Split(ConfusionView view, int[] counts) => counts.Length == 0
        ? new { confusion = Array.Empty<int[]>(), recall = Array.Empty<double?>() }
        : new
        {
            confusion = view.Classes.Select((_, i) => Row(view, counts, i).ToArray()).ToArray(),
            recall = view.Classes.Select((_, i) => Recall(view, counts, i)).ToArray(),
        };

    private static IEnumerable<(string Name, int[] Counts)> Splits(ConfusionView view) =>
        new[] { ("validation", view.Validation), ("test", view.Test) }.Where(s => s.Item2.Length > 0);

    private static ArraySegment<int> Row(ConfusionView view, int[] counts, int i) =>
        new(counts, i * view.Classes.Length, view.Classes.Length);

    /// <summary>Returns null for a class without images.</summary>
    private static double? Recall(ConfusionView view, int[] counts, int i)
    {
        var row = Row(view, counts, i);
        int total = row.Sum();
        return total == 0 ? null : (double)row[i] / total;
    }
}
