using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Journal;

/// <summary>
/// Runs empty trainings of this checkout in turns with those of another, each in a process of its own. So it is seen what a change costs.
/// </summary>
internal static class JournalComparison
{
    /// <summary>Warms up, runs one sweep and prints one line: trainings per second, CPU milliseconds and journal bytes per trial.</summary>
    public static async Task<int> Once(int trials)
    {
        for (int i = 0; i < JournalBenchmark.WarmingSweeps; i++) await Sweep.Run(trials);
        var result = await Sweep.Run(trials);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Rate} {result.Cpu} {result.BytesPerTrial}"));
        return 0;
    }

    public static int Run(string other, int turns, int trials)
    {
        var rows = new List<(Figures Theirs, Figures Ours)>();
        for (int turn = 1; turn <= turns; turn++)
        {
            // Who is first changes with each turn, so that neither always runs on the warmer machine.
            var first = Measure(turn % 2 == 1 ? other : Repository.Root, trials);
            var second = Measure(turn % 2 == 1 ? Repository.Root : other, trials);
            rows.Add(turn % 2 == 1 ? (first, second) : (second, first));
            Console.WriteLine(Row(turn.ToString(CultureInfo.InvariantCulture), rows[^1].Theirs, rows[^1].Ours));
        }
        string document = $"""
            # The journal's speed, before and after a change
            Written by `dotnet run -c Release --project tests/Benchmarks -- journal --against FOLDER` on a machine with {Environment.ProcessorCount} processors
            ({Machine.Processor}), .NET {Environment.Version}. It compares commit {Commit(other)} (before)
            with {Commit(Repository.Root)} (after): sweeps of {trials.ToString("N0", CultureInfo.InvariantCulture)} empty trainings as in journal.md, each in a process of its own, in turns,
            after {JournalBenchmark.WarmingSweeps} sweeps that do not count. CPU time is of all threads of the process, per trial.

            | turn | before, trainings/s | after | ratio | before, CPU ms | after | ratio | before, bytes | after |
            |---|---|---|---|---|---|---|---|---|
            {string.Join('\n', rows.Select((r, i) => Row($"{i + 1}", r.Theirs, r.Ours)))}

            Median of the ratios: rate **{Median(rows.Select(r => r.Ours.Rate / r.Theirs.Rate)):F3}**,
            CPU time **{Median(rows.Select(r => r.Ours.Cpu / r.Theirs.Cpu)):F3}**,
            bytes of journal per trial **{Median(rows.Select(r => r.Ours.Bytes / r.Theirs.Bytes)):F3}**.

            """;
        Console.WriteLine(document);
        Repository.Write("docs/benchmarks/journal-against.md", document);
        return 0;
    }

    private static Figures Measure(string checkout, int trials)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet",
            ["run", "-c", "Release", "--no-build", "--project", Path.Combine(checkout, "tests", "Benchmarks"), "--",
                "journal", "--once", "--trials", trials.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The benchmark of {checkout} ended with {process.ExitCode}. Build its tests/Benchmarks first (-c Release).");
        double[] numbers = [.. output.TrimEnd().Split('\n')[^1].Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        return new Figures(numbers[0], numbers[1], numbers[2]);
    }

    private static string Commit(string checkout)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", checkout, "describe", "--always", "--dirty"]) { RedirectStandardOutput = true })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }

    private static string Row(string turn, Figures theirs, Figures ours) => string.Create(CultureInfo.InvariantCulture,
        $"| {turn} | {theirs.Rate:F0} | {ours.Rate:F0} | {ours.Rate / theirs.Rate:F3} | " +
        $"{theirs.Cpu:F3} | {ours.Cpu:F3} | {ours.Cpu / theirs.Cpu:F3} | {theirs.Bytes:F0} | {ours.Bytes:F0} |");

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed record Figures(double Rate, double Cpu, double Bytes);
}
