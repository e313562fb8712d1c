using System.Globalization;

namespace Benchmarks.Journal;

/// <summary>
/// Runs empty trainings through the whole path, in turns with Optuna's SQLite storage. Then it runs one sweep as large as a sweep may be,
/// and measures what a coordinator needs to wake up in the midst of it.
/// </summary>
internal static class JournalBenchmark
{
    /// <summary>A silo runs for days, while its code is compiled in the first seconds, so these turns do not count.</summary>
    public const int WarmingSweeps = 3;

    public static int Run(string[] args)
    {
        int turns = Number(args, "--turns", 5), trials = Number(args, "--trials", 4000), large = Number(args, "--large", 100_000);
        if (args.Contains("--once")) return JournalComparison.Once(trials).GetAwaiter().GetResult();
        if (Arguments.Value(args, "--against", "") is { Length: > 0 } other) return JournalComparison.Run(other, turns, trials);
        // This is the load of others, because the benchmark's own 64 slots raise it from here on.
        double load = LoadAverage();
        Console.WriteLine("warming up");
        double[] warming = [.. Enumerable.Range(0, WarmingSweeps).Select(_ => Sweep.Run(trials).GetAwaiter().GetResult().Rate)];
        var pairs = Enumerable.Range(1, turns).Select(turn =>
        {
            var pair = new Turn(OptunaPeer.Run(), Sweep.Run(trials).GetAwaiter().GetResult());
            Console.WriteLine(pair.Row(turn));
            return pair;
        }).ToList();
        var cold = large == 0 ? null : ColdCoordinator.Run(large).GetAwaiter().GetResult();
        var sweep = large == 0 ? null : Sweep.Run(large).GetAwaiter().GetResult();
        string document = JournalReport.Of(pairs, warming, load, trials, cold, sweep);
        Console.WriteLine(document);
        if (large == 100_000) Repository.Write("docs/benchmarks/journal.md", document);
        return 0;
    }

    private static int Number(string[] args, string name, int otherwise) =>
        int.Parse(Arguments.Value(args, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}

/// <summary>Runs one of each, one after the other.</summary>
internal sealed record Turn(OptunaPeer Optuna, SweepResult Ours)
{
    public double Ratio => Ours.Rate / Optuna.Rate;

    public string Row(int number) => string.Create(CultureInfo.InvariantCulture,
        $"| {number} | {Optuna.Rate:F1} | {Ours.Rate:F0} | {Ratio:F0}× | {Optuna.Cpu:F1} | {Ours.Cpu:F2} |");
}
