using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Benchmarks.Sweeps;

/// <summary>
/// Runs whole sweeps on two silos of one slot each. It compares the cluster with a plain loop of the same training code, and the homework
/// with eager PyTorch. They run in turns, so that a neighbour's load meets both sides.
/// </summary>
internal static class SweepBenchmark
{
    private const int Processors = 2;

    public static int Run(string[] args)
    {
        int turns = int.Parse(Arguments.Value(args, "--turns", "3"), CultureInfo.InvariantCulture);
        switch (args)
        {
            case ["slots", ..]: Slots(turns); return 0;
            case ["homework", ..]:
                Homework(turns, int.Parse(Arguments.Value(args, "--replicates", "2"), CultureInfo.InvariantCulture));
                return 0;
            default: Console.Error.WriteLine("usage: sweeps slots|homework [--turns N] [--replicates N]"); return 1;
        }
    }

    private static void Slots(int turns)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Benchmarks", "Sweeps", "forty.yaml"));
        var loop = new PlainLoop(text, Repository.Root);
        using var cluster = new SweepCluster();
        string file = cluster.Write("forty.yaml", text);
        // Data, code and cores are warm on both sides before anything counts, because a silo compiles for the first half minute of its
        // life.
        cluster.Train(file);
        loop.Train(Processors);
        Report("slots", "40 dense trials", "loop / cluster, at least 0.95", turns, () => cluster.Train(file),
            ("plain loop on 2 pinned threads", () => loop.Train(Processors)));
    }

    private static void Homework(int turns, int replicates)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "sweeps", "homework.yaml"))
            .Replace("\nreplicates: 2", string.Create(CultureInfo.InvariantCulture, $"\nreplicates: {replicates}"),
                StringComparison.Ordinal);
        using var cluster = new SweepCluster();
        string file = cluster.Write("homework.yaml", text);
        // On small networks its threads wait for each other more than they gain, so it may choose.
        Report("homework", $"homework, {replicates} × 23 trials", "the faster of them / ours, at least 2", turns, () => cluster.Train(file),
            ("eager PyTorch on both cores, one trial after the other", () => PyTorch(file, Processors)),
            ("the same on one core", () => PyTorch(file, 1)));
    }

    private static void Report(string name, string sweep, string ratio, int turns,
        Func<double> ours, params (string Name, Func<double> Seconds)[] peers)
    {
        var table = new StringBuilder();
        void Row(IEnumerable<string> cells) => table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        Row(["turn", $"{sweep}, s", .. peers.Select(p => $"{p.Name}, s"), ratio]);
        Row(["---", .. Enumerable.Repeat("--:", peers.Length + 2)]);
        var ratios = new List<double>();
        for (int turn = 1; turn <= turns; turn++)
        {
            double a = ours();
            double[] b = [.. peers.Select(p => p.Seconds())];
            ratios.Add(b.Min() / a);
            Row([$"{turn}", .. b.Prepend(a).Select(s => s.ToString("F1", CultureInfo.InvariantCulture)),
                ratios[^1].ToString("F3", CultureInfo.InvariantCulture)]);
        }
        table.Append(CultureInfo.InvariantCulture,
            $"| **median** | |{string.Concat(peers.Select(_ => " |"))} **{ratios.Order().ElementAt(turns / 2):F3}** |\n");
        Console.WriteLine(table);
        Repository.Write($"docs/benchmarks/sweeps-{name}.md", $"""
            # Whole sweeps: {sweep}
            Written by `dotnet run -c Release --project tests/Benchmarks -- sweeps {name}`. Two silos of one slot each, reuse off; seconds from submission to the sweep's end.

            {table}
            {TrainingBenchmark.MachineWithPyTorch()}
            """);
    }

    private static double PyTorch(string file, int threads)
    {
        long begin = Stopwatch.GetTimestamp();
        // Debian's own interpreter sees Debian's packages.
        using var process = Process.Start("/usr/bin/python3",
            [Path.Combine(Repository.Root, "tests", "Benchmarks", "peers", "homework.py"), file, $"{threads}"]);
        process.WaitForExit();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(begin).TotalSeconds
            : throw new InvalidOperationException("homework.py failed. It needs: " +
                "apt-get install python3-torch libopenblas0-pthread python3-yaml");
    }
}
