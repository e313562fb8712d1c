using System.Globalization;
using System.Text;

namespace Benchmarks.Journal;

/// <summary>
/// Empty trainings through the whole path, in turns with Optuna's SQLite storage; then one sweep as large as a sweep may be, and what a coordinator
/// needs to wake up in the midst of it.
/// </summary>
internal static class JournalBenchmark
{
    public static int Run(string[] args)
    {
        int turns = Number(args, "--turns", 5), trials = Number(args, "--trials", 4000), large = Number(args, "--large", 100_000);
        Console.WriteLine("warming up");
        Sweep.Run(trials).GetAwaiter().GetResult();
        var pairs = Enumerable.Range(1, turns).Select(turn =>
        {
            var pair = new Turn(OptunaPeer.Run(), Sweep.Run(trials).GetAwaiter().GetResult(), LoadAverage());
            Console.WriteLine(pair.Row(turn));
            return pair;
        }).ToList();
        var cold = large == 0 ? null : ColdCoordinator.Run(large).GetAwaiter().GetResult();
        var sweep = large == 0 ? null : Sweep.Run(large).GetAwaiter().GetResult();
        string document = JournalReport.Of(pairs, trials, cold, sweep);
        Console.WriteLine(document);
        if (large == 100_000) Repository.Write("docs/benchmarks/journal.md", document);
        return 0;
    }

    private static int Number(string[] args, string name, int otherwise) =>
        int.Parse(Arguments.Value(args, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}

/// <summary>One of each, one after the other.</summary>
/// <param name="Load">The machine's load average at the end: 2 cores do their best below 2.</param>
internal sealed record Turn(OptunaPeer Optuna, SweepResult Ours, double Load)
{
    public double Ratio => Ours.Rate / Optuna.Rate;

    public string Row(int number) => string.Create(CultureInfo.InvariantCulture,
        $"| {number} | {Optuna.Rate:F1} | {Ours.Rate:F0} | {Ratio:F0}× | {Optuna.Cpu:F1} | {Ours.Cpu:F2} | {Load:F0} |");
}
