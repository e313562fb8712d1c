using System.Diagnostics;
using Grains.Interfaces;
using Grains.Interfaces.Model;

namespace Benchmarks.Journal;

/// <summary>A silo starts on the journal of a large sweep none of whose trials has ended, and its coordinator is called.</summary>
/// <param name="Ready">Seconds from the first call until its answer.</param>
/// <param name="Bytes">Of memory per trial, that the coordinator then holds.</param>
/// <param name="Caught">Seconds until it has looked at all its trainings and the broker has them in its queue.</param>
/// <param name="QueueBytes">Of memory per trial, that the broker's queue holds.</param>
/// <param name="SlowestCall">Milliseconds that another grain's call took at most while the coordinator woke up.</param>
/// <param name="SlowestBefore">The same while nothing went on.</param>
internal sealed record ColdCoordinator(int Trials, double Ready, double Bytes, double Caught, double QueueBytes,
    double SlowestCall, double SlowestBefore)
{
    public static async Task<ColdCoordinator> Run(int trials)
    {
        using var folder = new ScratchFolder();
        await using (var silo = await BenchmarkSilo.Start(folder.Path, slots: 0)) await Sweep.Submit(silo, folder.Path, trials);

        await using var cold = await BenchmarkSilo.Start(folder.Path, slots: 0);
        var sweep = cold.Grains.GetGrain<ISweepGrain>("benchmark");
        var other = cold.Grains.GetGrain<IClusterGrain>(0);
        await other.Version();
        double before = await SlowestWhile(other, Task.Delay(1000));

        long memory = GC.GetTotalMemory(forceFullCollection: true), begin = Stopwatch.GetTimestamp();
        var waking = sweep.TrainingMoved(Digest.Of([]), CancellationToken.None);
        var calls = SlowestWhile(other, waking);
        await waking;
        double ready = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        double slowest = await calls;
        long awake = GC.GetTotalMemory(forceFullCollection: true);

        begin = Stopwatch.GetTimestamp();
        await sweep.Tend(CancellationToken.None);
        double caught = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        long queued = GC.GetTotalMemory(forceFullCollection: true);
        return new ColdCoordinator(trials, ready, (awake - memory) / (double)trials, caught,
            (queued - awake) / (double)trials, slowest, before);
    }

    private static async Task<double> SlowestWhile(IClusterGrain grain, Task what)
    {
        double slowest = 0;
        while (!what.IsCompleted)
        {
            long begin = Stopwatch.GetTimestamp();
            await grain.Version();
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
        return slowest;
    }
}
