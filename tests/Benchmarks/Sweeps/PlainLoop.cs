using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;
using Grains.Training.Numerics;

namespace Benchmarks.Sweeps;

/// <summary>
/// Runs the same trials by the same training code with nothing around it. Each thread is pinned to a processor and takes the next trial.
/// </summary>
internal sealed partial class PlainLoop
{
    private readonly SweepSpec _spec;
    private readonly Dataset _data;

    public PlainLoop(string text, string folder)
    {
        _spec = SweepSpecReader.Read(text, "sweep", folder).Spec
            ?? throw new InvalidOperationException("The sweep file has mistakes: sweep validate FILE.");
        _data = DatasetLoader.Load(((ClassifierSpec)_spec.Program).Data, CancellationToken.None);
    }

    /// <summary>Returns the seconds for all trials.</summary>
    public double Train(int threads)
    {
        var trials = new ConcurrentQueue<PlannedTrial>(SweepPlanner.Plan(_spec).Trials);
        long begin = Stopwatch.GetTimestamp();
        var pinned = Enumerable.Range(0, threads).Select(processor => new Thread(() =>
        {
            Pin(processor);
            // A silo's threads have the same priority, so a neighbour's load meets both sides alike.
            NumericThread.LowerPriority();
            NumericThread.Prepare();
            while (trials.TryDequeue(out var trial)) Train(trial);
        })).ToList();
        pinned.ForEach(t => t.Start());
        pinned.ForEach(t => t.Join());
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private void Train(PlannedTrial trial)
    {
        var configuration = ((Configuration)trial.Point.Configuration).For(_data.Identity);
        var network = Network.Of(configuration.Model, _data.Identity.Height, _data.Identity.Width, _data.Identity.Classes);
        byte[] start = InitialCheckpoint.Draw(network, configuration.Model.Initializer!.Value, _spec.Seed, trial.Replicate);
        var recipe = new ClassifierRecipe
        {
            Configuration = configuration,
            Data = _data.Identity,
            Seed = _spec.Seed,
            Replicate = trial.Replicate,
            InitialCheckpoint = Digest.Of(start),
            NumericPath = NumericPath.Of(configuration),
        };
        using var loop = new TrainingLoop(recipe, _data, new(0, start, null));
        while (loop.Epoch < trial.Point.Epochs) loop.TrainEpoch(TimeProvider.System, CancellationToken.None);
    }

    private static void Pin(int processor)
    {
        ulong mask = 1UL << processor;
        if (SetAffinity(0, sizeof(ulong), in mask) != 0)
            throw new InvalidOperationException($"The thread could not be pinned to processor {processor}.");
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint size, in ulong mask);
}
