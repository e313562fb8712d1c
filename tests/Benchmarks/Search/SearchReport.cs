using System.Globalization;
using System.Text;

namespace Benchmarks.Search;

/// <summary>Writes what the runs came to as Markdown.</summary>
internal static class SearchReport
{
    private static readonly int[] s_trials = [20, 50, 100, 200];

    public static string Of(List<SearchResult> results, List<(string Sampler, int Known, double Milliseconds)> costs)
    {
        var text = new StringBuilder("""
            # Search: what the samplers reach
            Written by `dotnet run -c Release --project tests/Benchmarks -- search` (`--all`: with noise, more tasks and the error; `--repetitions`, `--only`,
            `--samplers`, `--data`). Each search is sequential, of whole trainings, with seeds from 1; random has 100 runs or more. Regret is the value, without
            noise, of the best measured point less the best known value. Where none is known, it is the best of all runs here. *norm* is the median regret
            divided by random's at 100 trials. The spaces are those of `../shared/search/lcbench/README.md` and `../shared/search/findings.md`.
            Noise is normal, with a standard deviation of that share of the value itself.


            """);
        var problems = results.GroupBy(r => r.Problem.Name).ToList();
        AppendNorms(text, results);
        text.AppendLine("## Median regret (quartiles) after 20, 50, 100 and 200 trials");
        foreach (var problem in problems)
        {
            double best = BestOf(problem);
            var random = problem.FirstOrDefault(r => r.Sampler == "random");
            text.AppendLine().AppendLine(Invariant($"### {problem.Key}, {problem.Last().Courses.Length} runs, best {best:G6}"));
            text.AppendLine("| | 20 | 50 | 100 | 200 | norm |").AppendLine("|---|---|---|---|---|---|");
            foreach (var result in problem)
            {
                var cells = s_trials.Select(t => Cell(result.Regrets(t, best)));
                string norm = random is null ? "" : string.Join(" ", s_trials.Select(t => Short(result.Median(t, best) / random.Median(100, best))));
                text.AppendLine($"| {result.Sampler} | {string.Join(" | ", cells)} | {norm} |");
            }
            AppendRatios(text, problem.ToList(), best);
        }
        text.AppendLine().AppendLine("## Processor time of a proposal, 7 dimensions, one core").AppendLine("| | observations | ms |").AppendLine("|---|---|---|");
        foreach (var (sampler, known, milliseconds) in costs) text.AppendLine(Invariant($"| {sampler} | {known} | {milliseconds:0.0} |"));
        return text.ToString();
    }

    private static void AppendNorms(StringBuilder text, List<SearchResult> results)
    {
        string[] recorded = [.. LcBench.Recorded.Select(t => $"{t}")];
        var shown = results.Where(r => recorded.Contains(r.Problem.Name)).ToList();
        if (shown.Select(r => r.Problem.Name).Distinct().Count() < recorded.Length || shown.All(r => r.Sampler != "random")) return;
        text.AppendLine($"## norm, mean over {string.Join(", ", recorded)} by cross-entropy").AppendLine("| | 20 | 50 | 100 | 200 |").AppendLine("|---|---|---|---|---|");
        foreach (var sampler in shown.GroupBy(r => r.Sampler))
        {
            var norms = s_trials.Select(t => Short(sampler.Average(r =>
                r.Median(t, r.Problem.Best!.Value) / shown.First(o => o.Problem == r.Problem && o.Sampler == "random").Median(100, r.Problem.Best!.Value))));
            text.AppendLine($"| {sampler.Key} | {string.Join(" | ", norms)} |");
        }
        text.AppendLine();
    }

    private static void AppendRatios(StringBuilder text, List<SearchResult> problem, double best)
    {
        if (problem.Find(r => r.Sampler == "auto") is not { } auto) return;
        foreach (var other in problem.Where(r => r.Sampler is "hill" or "random"))
        {
            var ratios = new[] { 100, 200 }.Select(t =>
            {
                var (low, high) = auto.RatioTo(other, t, best);
                return Invariant($"{Short(low)} to {Short(high)} at {t}");
            });
            text.AppendLine().AppendLine($"Ratio of medians auto/{other.Sampler}, 95 %: {string.Join(", ", ratios)} trials.");
        }
    }

    private static double BestOf(IEnumerable<SearchResult> problem) =>
        problem.First().Problem.Best ?? problem.Min(r => r.Courses.Min(c => c.Values[^1]));

    private static string Cell(double[] regrets) =>
        $"{Short(SearchResult.Quantile(regrets, 0.5))} ({Short(SearchResult.Quantile(regrets, 0.25))}, {Short(SearchResult.Quantile(regrets, 0.75))})";

    private static string Short(double value) => value switch
    {
        < 0.00005 => "0",
        < 0.1 => value.ToString("0.0000", CultureInfo.InvariantCulture),
        < 10 => value.ToString("0.000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0", CultureInfo.InvariantCulture),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
