using System.Globalization;
using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Views;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>Renders what settings do: a forest plot in a table, sentences below it, and commands for what is open.</summary>
internal static class EffectsRendering
{
    private const int WidePlot = 25, NarrowPlot = 13, MostSentences = 6;

    public static void Print(ComparisonView view, IAnsiConsole console)
    {
        var factor = FactorOf(view);
        var numbers = new EffectNumbers(view.About, view.Effects);
        console.Write(Table([.. view.Effects.Select(e => (factor, e))], view.About, numbers));
        Heading(view.Metric, view.About, numbers, console);
        foreach (var effect in view.Effects.Take(MostSentences))
            Say(EffectSentences.Of(view.Metric, factor, effect, view.About, numbers), console);
        if (view.Effects.Length > MostSentences)
            console.Line($"… and {view.Effects.Length - MostSentences} more values, in the table alone.");
        if (view.LevelsWithoutPairs > 0)
            Say($"{Words.Count(view.LevelsWithoutPairs, "value")} of {view.By} without a pair with {view.Baseline}", console);
        End([factor], view.About, numbers, console);
    }

    public static void Print(EffectsView view, IAnsiConsole console)
    {
        // The setting that does most comes first, and of each setting the value that does most.
        static double SizeOf(LevelEffect effect) => Math.Abs(effect.Difference ?? 0);
        FactorEffects[] factors = [.. view.Factors.Select(f => f with { Effects = [.. f.Effects.OrderByDescending(SizeOf)] })
            .OrderByDescending(f => f.Effects.Select(SizeOf).DefaultIfEmpty(0).Max())];
        var rows = factors.SelectMany(f => f.Effects.Select(e => (Factor: f, Effect: e))).ToList();
        var numbers = new EffectNumbers(view.About, rows.Select(r => r.Effect));
        if (rows.Count == 0) console.Line("No setting has pairs of trials that differ in it alone, so that no effect can be told.");
        else
        {
            console.Write(Table(rows, view.About, numbers));
            Heading(view.Metric, view.About, numbers, console);
            Say($"each against {string.Join(", ", factors.Select(f => $"{f.By}={f.Baseline}"))}", console);
            foreach (var (factor, effect) in rows.OrderByDescending(r => r.Effect.IsFound).Take(MostSentences))
                Say(EffectSentences.Of(view.Metric, factor, effect, view.About, numbers), console);
            if (rows.Count > MostSentences) console.Line($"`sweep compare {view.About.Sweep} --by SETTING` says more of one setting.");
        }
        foreach (var unpaired in view.Unpaired) Say(Of(unpaired, view.Metric), console);
        End(factors, view.About, numbers, console);
    }

    public static FactorEffects FactorOf(ComparisonView view) => new(view.By, view.Baseline, view.Effects, view.LevelsWithoutPairs);

    public static string Csv(string metric, IEnumerable<FactorEffects> factors)
    {
        var text = new StringBuilder(Words.CsvLine(["by", "metric", "baseline", "level", "difference", "low", "high", "pairs", "agree", "p",
            "p_holm", "replicates", "configurations", "replicates_needed", "left_out"]));
        foreach (var (factor, e) in factors.SelectMany(f => f.Effects.Select(e => (f, e))))
        {
            text.Append(Words.CsvLine([factor.By, metric, $"{factor.Baseline}", $"{e.Level}", Words.CsvNumber(e.Difference),
                Words.CsvNumber(e.Low), Words.CsvNumber(e.High), $"{e.Pairs}", $"{e.Agree}", Words.CsvNumber(e.P), Words.CsvNumber(e.PHolm),
                $"{e.Replicates}", $"{e.Configurations}", $"{e.ReplicatesNeeded}", $"{e.LeftOut.Total}"]));
        }
        return text.ToString();
    }

    private static FittingTable Table(
        IReadOnlyList<(FactorEffects Factor, LevelEffect Effect)> rows, EffectsAbout about, EffectNumbers numbers)
    {
        LevelEffect[] effects = [.. rows.Select(r => r.Effect)];
        ForestPlot wide = new(effects, WidePlot), narrow = new(effects, NarrowPlot);
        string difference = numbers.Unit.Length == 0 ? "difference" : numbers.Unit;
        return new FittingTable()
            .Add("setting", [.. rows.Select(r => Label.Of(null, [(r.Factor.By, $"{r.Effect.Level}")]))])
            .Add(wide.Axis(numbers), effects.Select(e => Coloured(e, about.Goal, wide.Row(e))),
                shorter: effects.Select(e => Coloured(e, about.Goal, narrow.Row(e))), shorterHeader: narrow.Axis(numbers))
            .Add(difference, effects.Select(e => e.Difference is { } d ? numbers.Signed(d) : Words.None), number: true)
            .Add("95 % interval", effects.Select(e =>
                e is { Low: { } low, High: { } high } ? Markup.Escape(numbers.Interval(low, high)) : Words.None), number: true)
            .Add("pairs", effects.Select(e => Words.Count(e.Pairs)), number: true)
            .Add("agree", effects.Select(e => Words.Count(e.Agree)), number: true)
            .Add("replicates", effects.Select(e => Words.Count(e.Replicates)), number: true, shorterHeader: "r")
            .Add("p", effects.Select(e => e.P is { } p ? EffectSentences.P(p) : Words.None), number: true)
            .Add("p (Holm)", effects.Select(e => e.PHolm is { } p ? EffectSentences.P(p) : Words.None), number: true)
            .Giving("p", "~replicates", $"~{wide.Axis(numbers)}", "r", "agree", "p (Holm)", "pairs", "95 % interval")
            .Elsewhere("--format csv has them");
    }

    private static void Heading(string metric, EffectsAbout about, EffectNumbers numbers, IAnsiConsole console)
    {
        string at = about.Objective.At == ReadAt.Last ? "the last epoch" : $"the epoch with the best {about.Objective.Metric}";
        string running = about.State.IsFinal() ? "" : $" ({about.State.ToString().ToLowerInvariant()}: what is complete so far)";
        var conditions = about.Where.Select(c => c.Split('=', 2)).GroupBy(c => c[0], c => c[1])
            .Select(c => $"{c.Key}={string.Join(" or ", c)}");
        string where = about.Where.Length == 0 ? "" : $", where {string.Join(" and ", conditions)}";
        string unit = about.Form == MetricForm.Share ? " in percentage points" : numbers.Unit.Length == 0 ? "" : $" in {numbers.Unit}";
        Say($"{about.Sweep}{running}: differences of {metric}{unit} at {at}{where}; 95 % intervals over replicates", console);
    }

    private static void End(IReadOnlyList<FactorEffects> factors, EffectsAbout about, EffectNumbers numbers, IAnsiConsole console)
    {
        var all = factors.SelectMany(f => f.Effects).Select(e => e.LeftOut).ToList();
        var sum = new PairsLeftOut(all.Sum(l => l.Diverged), all.Sum(l => l.Failed), all.Sum(l => l.Stopped), all.Sum(l => l.Unfinished),
            all.Sum(l => l.WithoutNumber), all.Sum(l => l.Unbalanced));
        if (sum.Total > 0) console.Line($"pairs left out: {string.Join(", ", EffectSentences.Reasons(sum))}");
        if (about.Objective.At == ReadAt.Best && factors.Any(f => f.By == "epochs"))
            Say("A trial's best epoch among more epochs is never worse: read epochs with care, or by a metric of the test split.", console);
        foreach (string line in EffectSentences.Remedies(factors, about, numbers)) console.Line(line);
    }

    private static string Of(UnpairedFactor factor, string metric)
    {
        string values = $"{factor.By}: {Words.Count(factor.Levels, "value")} in {Words.Count(factor.Configurations, "configuration")} " +
            "with a result, too few pairs to compare them";
        return factor is { Correlation: { } r, Low: { } low, High: { } high }
            ? string.Create(CultureInfo.InvariantCulture, $"{values}; its rank correlation with {metric.Replace('_', ' ')} is " +
                $"{r:+0.00;-0.00;0.00} [{low:0.00}, {high:0.00}], which is no effect: others vary along.")
            : $"{values}. In a grid (`search: {{sampler: grid}}`) every value has pairs.";
    }

    private static string Coloured(LevelEffect effect, Goal? goal, string row) => !effect.IsFound || goal is null ? row
        : Words.Marked(row, effect.Difference > 0 == (goal == Goal.Maximize) ? "green" : "red");

    /// <summary>Writes a sentence, folded between words. Commands to paste are not folded.</summary>
    private static void Say(string sentence, IAnsiConsole console)
    {
        console.Write(new Text(sentence));
        console.WriteLine();
    }
}
