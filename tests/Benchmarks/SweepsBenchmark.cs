using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;

namespace Benchmarks;

/// <summary>
/// Whole sweeps on a cluster of two silos with one slot each. The other side runs at a slot's priority (nice 15), so that a neighbour's
/// load meets both.
/// </summary>
internal static partial class SweepsBenchmark
{
    private const int Slots = 2;

    private static readonly PhantomData s_phantoms = new() { Train = 6000, Validation = 1500, Test = 1500, Seed = 1, LabelNoise = 0 };

    private static string Sweep => Path.Combine(Repository.Root, "Client", "bin", "Release", "net10.0", "sweep");

    public static int Run(string[] args)
    {
        if (!File.Exists(Sweep)) throw new InvalidOperationException($"{Sweep} does not exist. Build it: dotnet build -c Release Cluster.sln");
        int turns = int.Parse(Arguments.Value(args, "--turns", "2"), CultureInfo.InvariantCulture);
        int replicates = int.Parse(Arguments.Value(args, "--replicates", "2"), CultureInfo.InvariantCulture);
        var rows = new List<string>();
        if (args is ["dense" or "all", ..]) rows.Add(Dense(turns));
        if (args is ["homework" or "all", ..]) rows.Add(Homework(replicates));
        if (rows.Count == 0)
        {
            Console.Error.WriteLine("sweeps dense | homework | all [--turns 2] [--replicates 2]");
            return 1;
        }
        if (args is ["all", ..]) Repository.Write("docs/benchmarks/sweeps.md", string.Create(CultureInfo.InvariantCulture, $"""
            # Whole sweeps
            Written by `dotnet run -c Release --project tests/Benchmarks -- sweeps {string.Join(' ', args)}` after `dotnet build -c Release Cluster.sln`. A cluster of {Slots} silos with one
            slot each, from `submit` to the last result; starting the cluster is not counted. Wall time, both sides at nice 15.
            - **dense** is `tests/Benchmarks/Sweeps/dense.yaml`, 40 trials. The other side takes the same trainings from a queue on {Slots} threads, each pinned to a processor: the loop of
              the trainings and nothing else, the images drawn in its time too. Medians of {turns} turns.
            - **homework** is `deploy/sweeps/homework.yaml` with {replicates} replicates, without reuse. The other side is `tests/Benchmarks/peers/homework.py`: the same trials in eager PyTorch, one
              after the other, each with {Slots} threads.

            | sweep | ours, s | other side, s | ours / other | asked (aim) |
            |---|---|---|---|---|
            {string.Join('\n', rows)}

            ## Machine
            {TrainingBenchmark.Machine()} PyTorch {EagerPyTorch.Version ?? "not installed"}.

            """));
        return 0;
    }

    private static string Dense(int turns)
    {
        var times = Enumerable.Range(0, turns).Select(_ => (Loop: PlainLoop(), Ours: OnCluster(Path.Combine(Repository.Root, "tests", "Benchmarks", "Sweeps", "dense.yaml")))).ToArray();
        double Middle(Func<(double Loop, double Ours), double> value) => times.Select(value).Order().ElementAt(turns / 2);
        return Row("dense", Middle(t => t.Ours), Middle(t => t.Loop), "throughput ≥ 95 % (98 %)", $"throughput {100 * Middle(t => t.Loop / t.Ours):F0} %");
    }

    private static string Homework(int replicates)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "sweeps", "homework.yaml"));
        using var folder = new TemporaryFolder();
        string file = folder.File("homework.yaml");
        File.WriteAllText(file, text.Replace("replicates: 2", $"replicates: {replicates}", StringComparison.Ordinal));
        double ours = OnCluster(file);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"homework, ours: {ours:F1} s"));
        if (EagerPyTorch.Version is null) return Row("homework", ours, double.NaN, "≤ 1/2 (1/3)", "PyTorch is not installed");

        var data = DatasetLoader.Load(s_phantoms, CancellationToken.None);
        foreach (var (name, split) in new[] { ("train", data.Train), ("validation", data.Validation), ("test", data.Test) })
        {
            File.WriteAllBytes(folder.File($"{name}.pixels"), MemoryMarshal.AsBytes<float>(split.Pixels));
            File.WriteAllBytes(folder.File($"{name}.labels"), MemoryMarshal.AsBytes<int>(split.Labels));
        }
        string script = Path.Combine(Repository.Root, "tests", "Benchmarks", "peers", "homework.py");
        string seconds = Output("nice", ["-n", "15", "/usr/bin/python3", script, folder.Path, $"{replicates}", $"{Slots}"], ("OPENBLAS_NUM_THREADS", $"{Slots}"));
        double theirs = double.Parse(seconds, CultureInfo.InvariantCulture);
        return Row("homework", ours, theirs, "≤ 1/2 (1/3)", string.Create(CultureInfo.InvariantCulture, $"{ours / theirs:F2}"));
    }

    private static string Row(string name, double ours, double other, string asked, string ratio)
    {
        string row = string.Create(CultureInfo.InvariantCulture, $"| {name} | {ours:F1} | {other:F1} | {ratio} | {asked} |");
        Console.WriteLine(row);
        return row;
    }

    /// <summary>Seconds from submitting to the last result, on a cluster that is up.</summary>
    private static double OnCluster(string file)
    {
        using var home = new TemporaryFolder();
        var environment = ("SWEEP_HOME", home.Path);
        Output(Sweep, ["cluster", "up", "--silos", $"{Slots}", "--slots", "1"], environment);
        try
        {
            long start = Stopwatch.GetTimestamp();
            Output(Sweep, ["submit", file, "--watch", "--no-reuse"], environment);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            Output(Sweep, ["cluster", "down"], environment);
        }
    }

    /// <summary>Seconds of the 40 trainings of Sweeps/dense.yaml on pinned threads.</summary>
    private static double PlainLoop()
    {
        long start = Stopwatch.GetTimestamp();
        var data = DatasetLoader.Load(s_phantoms, CancellationToken.None);
        double[] rates = [.. Enumerable.Range(1, 9).Select(i => i * 1e-5), .. Enumerable.Range(1, 9).Select(i => i * 1e-4), 1e-3, 2e-3];
        var recipes = new ConcurrentQueue<Recipe>(from replicate in Enumerable.Range(1, 2) from rate in rates select Recipe(data, rate, replicate));
        var threads = Enumerable.Range(0, Slots).Select(processor => new Thread(() =>
        {
            Pin(processor);
            NumericThread.LowerPriority();
            NumericThread.Prepare();
            while (recipes.TryDequeue(out var recipe)) Train(recipe, data);
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static Recipe Recipe(Dataset data, double rate, int replicate)
    {
        var configuration = new Configuration
        {
            Model = new DenseModel { Hidden = [300, 150], Activation = new(ActivationKind.Relu), Initializer = Initializer.HeNormal, BatchNorm = null, Dropout = null, L2 = null },
            Optimizer = new Adam { LearningRate = rate, Decay = null, WeightDecay = null, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 },
            BatchSize = 64,
            Limit = null,
            Precision = Precision.Float32,
        };
        return new Recipe { Configuration = configuration, Data = data.Identity, Seed = 1, Replicate = replicate, InitialCheckpoint = Digest.Of([]), NumericPath = NumericPath.Of(configuration) };
    }

    private static void Train(Recipe recipe, Dataset data)
    {
        const int Epochs = 25;
        var network = Network.Of(recipe.Configuration.Model, data.Identity.Height, data.Identity.Width, data.Identity.Classes);
        using var loop = new TrainingLoop(recipe, data, new(0, InitialCheckpoint.Draw(network, Initializer.HeNormal, recipe.Seed, recipe.Replicate), null));
        while (loop.Epoch < Epochs) loop.TrainEpoch(TimeProvider.System, CancellationToken.None);
    }

    /// <summary>The first line of what it writes.</summary>
    private static string Output(string program, string[] arguments, (string Name, string Value) environment)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, Environment = { [environment.Name] = environment.Value } })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
    }

    private static unsafe void Pin(int processor)
    {
        ulong mask = 1UL << processor;
        _ = SetAffinity(0, sizeof(ulong), &mask);
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static unsafe partial int SetAffinity(int thread, nint size, ulong* mask);

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sweeps-").FullName;

        public string File(string name) => System.IO.Path.Combine(Path, name);

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
