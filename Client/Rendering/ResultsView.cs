using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Results;
using Grains.Interfaces.Model.Specs;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>The configurations of a sweep over their replicates, best first.</summary>
internal static class ResultsView
{
    /// <summary>More settings than this share one column.</summary>
    private const int MostParameterColumns = 5;

    /// <summary>Columns that a narrow terminal does without, in this order.</summary>
    private static readonly string[] s_dispensable = ["parameters", "best", "epochs", "seconds", "trials"];

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static SweepResults Parse(string json) => JsonSerializer.Deserialize<SweepResults>(json, Options)!;

    public static void Print(SweepResults results)
    {
        var heading = results.Sweep;
        var leftOut = WriteTable(results);
        Output.Line($"{heading.Id}: {heading.State.ToString().ToLowerInvariant()}{(heading.Reason is null ? "" : $" ({heading.Reason})")}, " +
            $"ranked by {Words.Name(heading.Objective)}, mean ± deviation over replicates");
        if (leftOut.Count > 0) Output.Line($"left out, the terminal being {Output.Terminal.Profile.Width} columns wide: {string.Join(", ", leftOut)}; --format csv has them");
        foreach (var failed in results.Trials.Where(t => t.State == TrialState.Failed).Take(10))
            Output.Line($"trial {failed.Number} failed: {failed.Reason}");
        long measured = results.Trials.Sum(t => (long)t.Measurements.Count);
        if (measured > heading.EpochsTrained)
            Output.Line($"{Words.Count(heading.EpochsTrained)} epochs trained, {Words.Count(measured - heading.EpochsTrained)} reused");
        Output.Line($"digest {heading.Digest ?? "none until every trial has ended"}");
    }

    /// <summary>Returns the columns for which the terminal is too narrow.</summary>
    private static List<string> WriteTable(SweepResults results)
    {
        var keys = Keys(results);
        bool names = results.Configurations.Any(c => c.Name is not null);
        bool apart = !names && keys.Count is > 0 and <= MostParameterColumns;
        var told = Distinguishing(results.Configurations);
        List<string> columns = [">", .. apart ? keys : ["configuration"], ">epochs", ">trials", ">mean ± deviation", ">best", ">test accuracy", ">parameters", ">seconds"];
        var rows = results.Configurations.Select((c, i) => (List<string>)
        [
            c.Mean is null ? "" : $"{i + 1}", .. apart ? keys.Select(k => Text(c.Parameters[k])) : [Label(c, told)],
            $"{c.Epochs}",
            c.Completed == c.Trials.Count ? $"{c.Completed}" : $"{c.Completed} of {c.Trials.Count}",
            c.Deviation is null ? Words.Metric(c.Mean) : $"{Words.Metric(c.Mean)} ± {Words.Deviation(c.Deviation.Value, c.Mean)}",
            Words.Metric(c.Best), Words.Metric(c.TestAccuracy), Words.Count(c.ParameterCount),
            c.Seconds is { } s ? s.ToString(s < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) : Words.None,
        ]).ToList();

        List<string> leftOut = [];
        foreach (string column in s_dispensable)
        {
            if (Width(columns, rows) <= Output.Terminal.Profile.Width) break;
            int at = columns.IndexOf($">{column}");
            columns.RemoveAt(at);
            rows.ForEach(r => r.RemoveAt(at));
            leftOut.Add(column);
        }

        var table = Output.NewTable([.. columns]);
        foreach (var (i, row) in rows.Index()) table.AddRow([.. row.Select(Markup.Escape).Select(cell => i == 0 && row[0].Length > 0 ? $"[bold green]{cell}[/]" : cell)]);
        Output.Write(table);
        return leftOut;
    }

    /// <summary>Of the table, where no cell is folded.</summary>
    private static int Width(List<string> columns, List<List<string>> rows) =>
        1 + columns.Select((c, i) => rows.Select(r => r[i].Length).Append(c.TrimStart('>').Length).Max() + 3).Sum();

    /// <summary>Which silo trained how many trials.</summary>
    public static void PrintSilos(SweepResults results)
    {
        var bySilo = results.Trials.Where(t => t.Silo is not null).GroupBy(t => t.Silo!).OrderBy(g => g.Key, StringComparer.Ordinal);
        Output.Line($"trained by {string.Join(", ", bySilo.Select(g => $"{g.Key}: {g.Count()} {(g.Count() == 1 ? "trial" : "trials")}"))}");
    }

    public static string Csv(SweepResults results)
    {
        var keys = Keys(results);
        var text = new StringBuilder();
        text.AppendJoin(',', ["name", .. keys.Select(Quoted), "epochs", "trials", "completed", "mean", "deviation", "best", "testAccuracy", "parameterCount", "seconds"]).Append('\n');
        foreach (var c in results.Configurations)
        {
            text.AppendJoin(',',
            [
                Quoted(c.Name ?? ""), .. keys.Select(k => Quoted(Text(c.Parameters[k], missing: ""))), $"{c.Epochs}", $"{c.Trials.Count}", $"{c.Completed}",
                Number(c.Mean), Number(c.Deviation), Number(c.Best), Number(c.TestAccuracy), $"{c.ParameterCount}", Number(c.Seconds),
            ]).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Settings that vary, in the order in which they first occur.</summary>
    private static List<string> Keys(SweepResults results) => [.. results.Configurations.SelectMany(c => c.Parameters.Select(p => p.Key)).Distinct()];

    /// <summary>Settings that tell the configurations without a name from each other: what only sets them apart from the named ones would lengthen every label.</summary>
    private static HashSet<string> Distinguishing(IReadOnlyList<ConfigurationResult> configurations)
    {
        var unnamed = configurations.Where(c => c.Name is null).ToList();
        return [.. unnamed.SelectMany(c => c.Parameters.Select(p => p.Key)).Distinct().Where(k => unnamed.DistinctBy(c => Text(c.Parameters[k])).Count() > 1)];
    }

    private static string Label(ConfigurationResult c, HashSet<string> told) =>
        c.Name ?? string.Join(" ", c.Parameters.Where(p => told.Contains(p.Key)).Select(p => $"{p.Key}={Text(p.Value)}"));

    private static string Text(JsonNode? value, string missing = Words.None) => value switch
    {
        null => missing,
        JsonArray items => $"[{string.Join(", ", items.Select(i => i?.ToJsonString()))}]",
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
        JsonValue v when v.TryGetValue(out double number) => new NumberValue(number).ToString(),
        _ => value.ToJsonString(),
    };

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
