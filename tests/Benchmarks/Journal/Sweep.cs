using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Grains.Interfaces;
using Grains.Interfaces.Model;

namespace Benchmarks.Journal;

/// <summary>Runs one sweep of empty trainings on a silo of its own, from submission to its end.</summary>
internal static class Sweep
{
    public const int Slots = 64, Epochs = 10;

    /// <summary>The number of trials over which a rate is taken.</summary>
    private const int Window = 2000;

    private static readonly SweepId Id = new("benchmark");

    public static async Task<SweepResult> Run(int trials)
    {
        using var folder = new ScratchFolder();
        var result = await Run(folder.Path, trials);
        // The silo has stopped, so what was in the write-ahead log is in the file.
        return result with { BytesPerTrial = (double)new FileInfo(Path.Combine(folder.Path, "journal.db")).Length / trials };
    }

    public static async Task<ISweepGrain> Submit(BenchmarkSilo silo, string folder, int trials)
    {
        var sweep = silo.Grains.GetGrain<ISweepGrain>(Id.Value);
        await sweep.Submit(new SubmitRequest(Spec(trials), folder, "benchmark.yaml", null), CancellationToken.None);
        await Until(silo, state => state != SweepState.Preparing);
        return sweep;
    }

    private static async Task<SweepResult> Run(string folder, int trials)
    {
        await using var silo = await BenchmarkSilo.Start(folder, Slots);
        return await Measure(silo, folder, trials);
    }

    /// <summary>Runs the sweep on two silos, half of whose calls go over the wire.</summary>
    public static async Task<SweepResult> OnTwoSilos(int trials, bool sockets)
    {
        using var folder = new ScratchFolder();
        await using var silo = await BenchmarkSilo.Start(folder.Path, Slots / 2, sockets: sockets);
        await using var other = await BenchmarkSilo.Start(folder.Path, Slots / 2, "silo-2", silo, sockets);
        return await Measure(silo, folder.Path, trials);
    }

    private static async Task<SweepResult> Measure(BenchmarkSilo silo, string folder, int trials)
    {
        var before = Clocks.Now;
        await Submit(silo, folder, trials);
        var prepared = Clocks.Now;
        await Until(silo, state => state != SweepState.Running);
        var after = Clocks.Now;

        var events = await silo.Reader.EventsAfter(Id, 0);
        var ended = events.Where(e => e.Kind == nameof(TrialState.Completed)).Select(e => e.At).ToList();
        if (ended.Count != trials) throw new InvalidOperationException($"{ended.Count} of {trials} trials completed.");
        long begun = events.First(e => e.Kind == "Prepared").At;
        return new SweepResult
        {
            Trials = trials,
            Rate = 1000.0 * trials / (ended[^1] - begun),
            Cpu = (after.Cpu - prepared.Cpu).TotalMilliseconds / trials,
            Preparing = (prepared.Wall - before.Wall).TotalSeconds,
            Finishing = (after.At - ended[^1]) / 1000.0,
            Rates = [.. Enumerable.Range(1, trials / Window)
                .Select(w => 1000.0 * Window / (ended[w * Window - 1] - (w == 1 ? begun : ended[(w - 1) * Window - 1])))],
            BytesPerTrial = 0,
        };
    }

    private static async Task Until(BenchmarkSilo silo, Predicate<SweepState> reached)
    {
        while (!reached((await silo.Reader.Sweep(Id))!.State)) await Task.Delay(50);
    }

    private static string Spec(int trials) => string.Create(CultureInfo.InvariantCulture, $$"""
        name: benchmark
        data: {source: xray-phantom, train: 16, validation: 16, test: 16}
        model: {hidden: [4]}
        training: {optimizer: adam, batch_size: 16, epochs: {{Epochs}}}
        parameters:
          learning_rate: {min: 1e-6, max: 1e-1, log: true}
        search: {sampler: random, trials: {{trials}}}
        """);

    private sealed record Clocks(TimeSpan Wall, TimeSpan Cpu, long At)
    {
        public static Clocks Now
        {
            get
            {
                using var process = Process.GetCurrentProcess();
                return new(Stopwatch.GetElapsedTime(0), process.TotalProcessorTime, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            }
        }
    }
}

internal sealed record SweepResult
{
    public required int Trials { get; init; }
    /// <summary>The trials per second, from the demands' commit to the last trial's.</summary>
    public required double Rate { get; init; }
    /// <summary>The milliseconds of CPU time per trial, of all threads.</summary>
    public required double Cpu { get; init; }
    /// <summary>The seconds from submission until the demands are out.</summary>
    public required double Preparing { get; init; }
    /// <summary>The seconds from the last trial's end to the sweep's, with its digest.</summary>
    public required double Finishing { get; init; }
    /// <summary>The trials per second in each window of 2,000 trials.</summary>
    public required ImmutableArray<double> Rates { get; init; }
    public required double BytesPerTrial { get; init; }
}
