using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Client.Watching;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Results;
using Grains.Interfaces.Model.Specs;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>Renders the configurations of a sweep over their replicates, best first.</summary>
internal static class ResultsView
{
    /// <summary>Settings share one column when there are more of them than this.</summary>
    private const int MostParameterColumns = 5;

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static SweepResults Parse(string json) => JsonSerializer.Deserialize<SweepResults>(json, Options)!;

    public static void Print(SweepResults results, IAnsiConsole console)
    {
        var heading = results.Sweep;
        console.Write(Table(results));
        console.Line($"{heading.Id}: {heading.State.ToString().ToLowerInvariant()}" +
            $"{(heading.Reason is null ? "" : $" ({heading.Reason})")}, " +
            $"ranked by {Words.Name(heading.Objective)}, mean ± deviation over replicates");
        if (Choice(results) is { } choice) console.Line(choice);
        foreach (string line in Failures.Lines(results.Trials.Where(t => t.State == TrialState.Failed).Select(t => (t.Number, t.Reason))))
            console.Line(line);
        if (Stopped(results) is { Count: > 0 } stopped)
            console.Line($"{Words.Count(stopped.Count, "point")} {(stopped.Count == 1 ? "was" : "were")} stopped early; " +
                $"`sweep trials {heading.Id}` says where and why");
        long measured = results.Trials.Sum(t => (long)t.Measurements.Count);
        if (measured > heading.EpochsTrained)
            console.Line($"{Words.Count(heading.EpochsTrained)} epochs trained, {Words.Count(measured - heading.EpochsTrained)} reused");
        foreach (string note in heading.Notes) console.Line($"note: {note}");
        console.Line($"digest {heading.Digest ?? NoDigest(heading)}");
        if (HasPairs(results)) console.Line($"what each setting does: `sweep effects {heading.Id}`");
    }

    /// <summary>Says what chose the best configuration, where tables also show what must not choose.</summary>
    private static string? Choice(SweepResults results)
    {
        var objective = results.Sweep.Objective;
        if (results.Metrics.FirstOrDefault(m => m.Name == objective.Metric)?.Split != Split.Validation
            || !results.Metrics.Any(m => m.Reported && m.Split == Split.Test)) return null;
        return objective.At == ReadAt.Best
            ? "The best is chosen by its mean on validation and shown with its test score; " +
                "each trial's epoch, too, is chosen on validation."
            : "The best is chosen by its mean on validation and shown with its test score.";
    }

    /// <summary>
    /// Whether two configurations with a result differ in one setting alone, so that `sweep effects` has something to tell.
    /// </summary>
    private static bool HasPairs(SweepResults results)
    {
        var rows = results.Configurations.Where(c => c.Completed > 0).Select(Settings).ToList();
        return rows.SelectMany(r => r.Keys).Distinct().Any(key => rows.Where(r => r.ContainsKey(key))
            .GroupBy(r => string.Join('\n', r.Where(s => s.Key != key).Select(s => $"{s.Key}={s.Value}"))).Any(g => g.Count() > 1));

        static Dictionary<string, string> Settings(ConfigurationResult c) =>
            new(c.Parameters.Where(p => p.Key != "epochs").Select(p => KeyValuePair.Create(p.Key, Text(p.Value))))
            {
                ["epochs"] = $"{c.Epochs}",
            };
    }

    /// <summary>The configurations that a search has stopped before their budget. Where nothing else is, they are shown all the same.</summary>
    private static List<ConfigurationResult> Stopped(SweepResults results)
    {
        var states = results.Trials.ToDictionary(t => t.Number, t => t.State);
        var stopped = results.Configurations
            .Where(c => c.Completed == 0 && c.Trials.Any(t => states.GetValueOrDefault(t) == TrialState.Stopped)).ToList();
        return stopped.Count == results.Configurations.Count ? [] : stopped;
    }

    private static string NoDigest(SweepHeading heading) => !heading.Repeats
        ? "none: the program does not promise the same numbers again"
        : heading.State != SweepState.Completed ? "none until every trial has ended"
        : "none: a trial failed for a reason outside its recipe";

    private static FittingTable Table(SweepResults results)
    {
        bool named = results.Configurations.Any(c => c.Name is not null);
        return !named && Keys(results).Count is > 0 and <= MostParameterColumns
            ? Table(results, apart: true).Otherwise(Table(results, apart: false))
            : Table(results, apart: false);
    }

    /// <param name="apart">A column for each setting, instead of one for all.</param>
    private static FittingTable Table(SweepResults results, bool apart)
    {
        var rows = results.Configurations.Except(Stopped(results)).ToList();
        var table = new FittingTable().Add("", rows.Select((c, i) => Best(i, c.Mean is null ? "" : $"{i + 1}")), number: true);
        if (apart)
        {
            foreach (string key in Keys(results))
                table.Add(key, Label.Rounded([.. rows.Select(c => Text(c.Parameters[key]))])
                    .Select((text, i) => Best(i, Markup.Escape(text))));
        }
        else
        {
            table.Add("configuration", [.. rows.Select(LabelOf)]);
        }
        table
            .Add("epochs", rows.Select((c, i) => Best(i, $"{c.Epochs}")), number: true)
            .Add("trials", rows.Select((c, i) => Best(i, Trials(c))), number: true)
            .Add("mean ± deviation", rows.Select((c, i) => Best(i, MeanAndDeviation(c.Mean, c.Deviation))), number: true,
                shorter: rows.Select((c, i) => Best(i, Words.Metric(c.Mean))), shorterHeader: "mean")
            .Add("best", rows.Select((c, i) => Best(i, Words.Metric(c.Best))), number: true);
        // The objective has a column of its own.
        var reported = results.Metrics.Where(m => m.Reported && m.Name != results.Sweep.Objective.Metric).Select(m => (m.Name, Header: m.Name.Replace('_', ' '),
            Short: results.Metrics.Count(o => o.Reported && o.Split == m.Split) == 1 ? m.Split.ToString().ToLowerInvariant() : m.Name))
            .ToList();
        foreach (var (name, header, shorter) in reported)
            table.Add(header, rows.Select((c, i) => Best(i, MeanAndDeviation(c.Reported[name].Mean, c.Reported[name].Deviation))),
                number: true, shorter: rows.Select((c, i) => Best(i, Words.Metric(c.Reported[name].Mean))), shorterHeader: shorter);
        // Nobody knows how many parameters a program of the user's has.
        if (rows.Any(c => c.ParameterCount > 0))
            table.Add("parameters", rows.Select((c, i) => Best(i, Words.Count(c.ParameterCount))), number: true);
        return table
            .Add("seconds", rows.Select((c, i) => Best(i, Seconds(c.Seconds))), number: true)
            .Giving(["parameters", "best", "epochs", "seconds", .. reported.Select(r => $"~{r.Header}"), "trials", "~mean ± deviation",
                .. reported.Select(r => r.Short)])
            .Elsewhere("--format csv has them");
    }

    /// <summary>Marks the first row as the best, if there is any result.</summary>
    private static string Best(int row, string cell) => row == 0 && cell.Length > 0 ? $"[bold green]{cell}[/]" : cell;

    /// <summary>Lists the trials, such as "1–4", and says how many of them count where not all do.</summary>
    private static string Trials(ConfigurationResult c) =>
        c.Completed == c.Trials.Count ? Words.Numbers(c.Trials) : $"{Words.Numbers(c.Trials)} ({c.Completed} done)";

    private static string MeanAndDeviation(double? mean, double? deviation) =>
        deviation is { } d ? $"{Words.Metric(mean)} ± {Words.Deviation(d, mean)}" : Words.Metric(mean);

    private static string Seconds(double? seconds) =>
        seconds is { } s ? s.ToString(s < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) : Words.None;

    /// <summary>Says which silo trained how many trials.</summary>
    public static void PrintSilos(SweepResults results)
    {
        var bySilo = results.Trials.Where(t => t.Silo is not null).GroupBy(t => t.Silo!).OrderBy(g => g.Key, StringComparer.Ordinal);
        Output.Line($"trained by {string.Join(", ", bySilo.Select(g => $"{g.Key}: {g.Count()} {(g.Count() == 1 ? "trial" : "trials")}"))}");
    }

    public static string Csv(SweepResults results)
    {
        var keys = Keys(results);
        var reported = results.Metrics.Where(m => m.Reported).Select(m => m.Name).ToList();
        var text = new StringBuilder(Words.CsvLine(
        [
            "name", .. keys, "epochs", "trials", "trial_numbers", "completed", "mean", "deviation", "best",
            .. reported.SelectMany(name => new[] { name, $"{name}_deviation" }), "parameter_count", "seconds",
        ]));
        foreach (var c in results.Configurations)
        {
            text.Append(Words.CsvLine(
            [
                c.Name ?? "", .. keys.Select(k => Text(c.Parameters[k], missing: "")), $"{c.Epochs}", $"{c.Trials.Count}",
                string.Join(' ', c.Trials), $"{c.Completed}",
                Words.CsvNumber(c.Mean), Words.CsvNumber(c.Deviation), Words.CsvNumber(c.Best),
                .. reported.SelectMany(name => new[] { c.Reported[name].Mean, c.Reported[name].Deviation }).Select(Words.CsvNumber),
                $"{c.ParameterCount}", Words.CsvNumber(c.Seconds),
            ]));
        }
        return text.ToString();
    }

    /// <summary>Returns the settings that vary, in the order in which they first occur. The budget has a column of its own.</summary>
    private static List<string> Keys(SweepResults results) =>
        [.. results.Configurations.SelectMany(c => c.Parameters.Select(p => p.Key)).Distinct().Where(k => k != "epochs")];

    private static Label LabelOf(ConfigurationResult c) =>
        Label.Of(c.Name, c.Parameters.Where(p => p.Key != "epochs").Select(p => (p.Key, Text(p.Value))));

    private static string Text(JsonNode? value, string missing = Words.None) => value switch
    {
        null => missing,
        JsonArray items => $"[{string.Join(", ", items.Select(i => i?.ToJsonString()))}]",
        JsonValue v when v.GetValueKind() == JsonValueKind.String => v.GetValue<string>(),
        JsonValue v when v.TryGetValue(out double number) => new NumberValue(number).ToString(),
        _ => value.ToJsonString(),
    };
}
