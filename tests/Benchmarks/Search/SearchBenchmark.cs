using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Grains.Search.Samplers;

namespace Benchmarks.Search;

/// <summary>
/// Runs every sampler on every problem, many times with seeds of its own, and writes docs/benchmarks/search.md. Runs stand on their own, so
/// that the number of threads changes no figure but the times.
/// </summary>
internal static class SearchBenchmark
{
    private const int Trials = 200, RandomRuns = 100;
    private const long FirstSeed = 1;

    public static int Run(string[] args)
    {
        int runs = Option("--repetitions", 30), threads = Option("--threads", 2);
        string folder = Text("--data") ?? Path.Combine(Repository.Root, "../shared/search/lcbench");
        string? only = Text("--only");
        using var curves = new LcBench(folder);
        var results = new List<SearchResult>();
        foreach (var problem in Problems(curves, args.Contains("--all")).Where(p => only is null || only.Split(',').Any(p.Name.Contains)))
        {
            foreach (var (name, sampler) in Contestants(Text("--samplers")))
            {
                var courses = new SearchCourse[name == "random" ? Math.Max(runs, RandomRuns) : runs];
                Parallel.For(0, courses.Length, new ParallelOptions { MaxDegreeOfParallelism = threads },
                    i => courses[i] = SearchRunner.Run(problem, sampler, FirstSeed + i, Trials));
                results.Add(new SearchResult(problem, name, [.. courses]));
                Console.Error.WriteLine($"{problem.Name}, {name}: {courses.Length} runs");
            }
        }
        string path = Text("--report") ?? "docs/benchmarks/search.md";
        Repository.Write(path, SearchReport.Of(results, SuggestionCost.Measure()));
        return 0;

        string? Text(string option) => Array.IndexOf(args, option) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

        int Option(string option, int otherwise) =>
            Text(option) is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;
    }

    private static ImmutableArray<Problem> Problems(LcBench curves, bool all)
    {
        ImmutableArray<Problem> usual = [.. LcBench.Recorded.Select(curves.CrossEntropyOf), .. ClassicProblems.All];
        return !all ? usual : [.. usual, .. usual.Select(p => p.WithNoise(0.02)), .. LcBench.Others.Select(curves.CrossEntropyOf),
            .. LcBench.Recorded.Concat(LcBench.Others).Select(curves.ErrorOf)];
    }

    private static IEnumerable<(string Name, ISampler Sampler)> Contestants(string? only) => new (string, ISampler)[]
    {
        ("random", SamplerOf.Kind(SamplerKind.Random)),
        ("sobol", SamplerOf.Kind(SamplerKind.Sobol)),
        ("hill", new HillSampler()),
        ("cma_es", SamplerOf.Kind(SamplerKind.CmaEs)),
        ("tpe", SamplerOf.Kind(SamplerKind.Tpe)),
        ("auto", SamplerOf.Kind(SamplerKind.Auto)),
    }.Where(c => only is null || only.Split(',').Contains(c.Item1));
}
