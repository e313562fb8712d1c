using System.Diagnostics;
using System.Globalization;
using Grains.Interfaces;
using Grains.Interfaces.Model;

namespace Benchmarks.Journal;

internal static class JournalBenchmark
{
    private const int Slots = 64, Epochs = 10;

    public static int Run(string[] args)
    {
        int trials = int.Parse(Arguments.Value(args, "--trials", "2000"), CultureInfo.InvariantCulture);
        Once(trials).GetAwaiter().GetResult();
        return 0;
    }

    private static async Task Once(int trials)
    {
        string folder = Directory.CreateTempSubdirectory("sweep-journal-").FullName;
        try
        {
            await using (var silo = await BenchmarkSilo.Start(folder, Slots))
            {
                var id = new SweepId("benchmark");
                long begin = Stopwatch.GetTimestamp();
                await silo.Sweep(id).Submit(new SubmitRequest(Spec(trials), folder, "benchmark.yaml", null), CancellationToken.None);
                while ((await silo.Reader.Sweep(id))!.State == nameof(SweepState.Preparing)) await Task.Delay(20);
                Console.WriteLine($"prepared after {Stopwatch.GetElapsedTime(begin).TotalSeconds:F2} s");
                begin = Stopwatch.GetTimestamp();
                var cpu = Process.GetCurrentProcess().TotalProcessorTime;
                while ((await silo.Reader.Sweep(id))!.State == nameof(SweepState.Running)) await Task.Delay(20);
                double wall = Stopwatch.GetElapsedTime(begin).TotalSeconds;
                foreach (var g in Directory.GetDirectories("/proc/self/task").Select(t => File.ReadAllText(t + "/stat")).GroupBy(t => t[(t.IndexOf('(') + 1)..t.LastIndexOf(')')].TrimEnd(' ', '1', '2', '3', '4', '5', '6', '7', '8', '9', '0'), t => t[(t.LastIndexOf(')') + 2)..].Split(' ')).OrderByDescending(g => g.Sum(f => long.Parse(f[11], CultureInfo.InvariantCulture) + long.Parse(f[12], CultureInfo.InvariantCulture))).Take(9))
                    Console.WriteLine($"    {g.Key,-18} {g.Count(),3} threads: user {g.Sum(f => long.Parse(f[11], CultureInfo.InvariantCulture)) * 10.0 / trials:F3} system {g.Sum(f => long.Parse(f[12], CultureInfo.InvariantCulture)) * 10.0 / trials:F3} ms/trial");
                var ended = (await silo.Reader.EventsAfter(id, 0)).Where(e => e.Kind == "Completed").Select(e => e.At).ToList();
                for (int i = 0; i + 1000 <= trials; i += Math.Max(1000, trials / 20))
                    Console.WriteLine($"  {i + 1000}: {1000e3 / (ended[i + 999] - (i == 0 ? ended[0] : ended[i - 1])):F0}/s");
                double used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMilliseconds;
                Console.WriteLine($"{trials} trials in {wall:F2} s: {trials / wall:F0}/s, CPU {used / trials:F3} ms/trial; load {File.ReadAllText("/proc/loadavg")}");
            }
            Console.WriteLine($"journal: {new FileInfo(Path.Combine(folder, "journal.db")).Length / trials} bytes per trial");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Spec(int trials) => $$"""
        name: benchmark
        data: {source: xray-phantom, train: 16, validation: 16, test: 16}
        model: {hidden: [4]}
        training: {optimizer: adam, batch_size: 16, epochs: {{Epochs}}}
        parameters:
          learning_rate: {min: 1e-6, max: 1e-1, log: true}
        sampler: {kind: random, points: {{trials}}}
        """;
}
