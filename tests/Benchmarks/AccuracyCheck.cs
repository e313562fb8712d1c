using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Networks;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;
using Grains.Training.Numerics;

namespace Benchmarks;

/// <summary>
/// Compares the test accuracy of each numeric path with autograd in float32, on the same seeds and starts. It shows what a faster path
/// costs. The interval is Student's on the paired differences.
/// </summary>
internal sealed class AccuracyCheck
{
    /// <summary>The quantiles of Student's t at 97.5 %, by degrees of freedom from 1.</summary>
    private static readonly double[] s_quantiles =
    [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086,
        2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042, 2.040, 2.037, 2.035, 2.032, 2.030, 2.028, 2.026, 2.024, 2.023,
    ];

    /// <summary>
    /// The rates that `--rates` tries for the CNN, by autograd alone and on a replicate that no pair has. A rate is so chosen before any
    /// difference is seen.
    /// </summary>
    private static readonly (double Rate, double? Decay)[] s_rates = [(1e-3, null), (1e-3, 1e-2), (3e-4, null), (3e-3, 1e-2)];

    private readonly Dataset _data;
    private readonly int _epochs, _limit;
    private readonly ConcurrentDictionary<Job, double> _accuracies = new();

    private AccuracyCheck(Dataset data, int epochs, int limit) => (_data, _epochs, _limit) = (data, epochs, limit);

    /// <param name="Rate">Adam's; with a decay the rate of update t is Rate / (1 + Decay · t).</param>
    private sealed record Candidate(string Name, ModelSpec Model, double Rate, double? Decay)
    {
        public string Described => Decay is { } d ? $"{Rate} / (1 + {d} · update)" : $"{Rate}";

        public static readonly Candidate Mlp = new("MLP [100]", new DenseModel
        {
            Hidden = [100],
            Activation = new(ActivationKind.Relu),
            Initializer = Initializer.HeNormal,
            BatchNorm = null,
            Dropout = null,
            L2 = null,
        }, 1e-3, null);

        /// <summary>The CNN of the study.</summary>
        public static Candidate Cnn(int divisor, double rate, double? decay) => new(
            divisor == 1 ? "CNN" : $"CNN, 1/{divisor} of the filters", new CnnModel
            {
                Filters = [64 / divisor, 128 / divisor, 128 / divisor, 256 / divisor, 256 / divisor],
                Dense = [512 / divisor, 128 / divisor],
                Activation = new(ActivationKind.Relu),
                Initializer = Initializer.HeNormal,
                BatchNorm = new(1e-5, 0.1),
                Dropout = 0.3,
                L2 = null,
            }, rate, decay);
    }

    private enum Path
    {
        Autograd,
        Explicit,
        BFloat16,
    }

    private sealed record Job(Candidate Candidate, Path Path, int Replicate);

    public static int Run(string[] args)
    {
        int Number(string name, int otherwise) => int.Parse(Arguments.Value(args, name, $"{otherwise}"), CultureInfo.InvariantCulture);
        double Real(string name, double otherwise) =>
            double.Parse(Arguments.Value(args, name, $"{otherwise:R}"), CultureInfo.InvariantCulture);
        int replicates = Math.Clamp(Number("--replicates", 5), 2, s_quantiles.Length + 1),
            epochs = Number("--epochs", 5), limit = Number("--limit", 10_000);
        var (rate, decay) = (Real("--rate", 1e-4), Real("--decay", 1e-2));
        Candidate Cnn(string divisor) => Candidate.Cnn(Number(divisor, 1), rate, decay > 0 ? decay : null);
        Candidate cnn = Cnn("--divisor"), rounded = Cnn("--bf16-divisor") is var other && other.Name == cnn.Name ? cnn : other;
        (Candidate Candidate, Path Path)[] rows = [(Candidate.Mlp, Path.Explicit), (Candidate.Mlp, Path.BFloat16), (cnn, Path.Explicit),
            (rounded, Path.BFloat16)];
        string only = Arguments.Value(args, "--only", "");
        rows = [.. rows.Where(r => $"{r.Candidate.Name} {r.Path}".Contains(only, StringComparison.OrdinalIgnoreCase))];

        string shared = System.IO.Path.Combine(Repository.Root, "..", "shared", "data", "fashion-mnist");
        var data = DatasetLoader.Load(new IdxData { Path = Arguments.Value(args, "--data", shared) }, CancellationToken.None);
        var check = new AccuracyCheck(data, epochs, limit);
        int threads = Number("--threads", Environment.ProcessorCount);
        if (args.Contains("--rates"))
        {
            check.Train(s_rates.Select(r => new Job(Candidate.Cnn(1, r.Rate, r.Decay), Path.Autograd, replicates + 1)), threads);
            return 0;
        }
        check.Train(
            from replicate in Enumerable.Range(1, replicates)
            from job in rows.SelectMany(r => new Job[] { new(r.Candidate, Path.Autograd, replicate), new(r.Candidate, r.Path, replicate) })
            select job, threads);

        var table = new StringBuilder("| model | path | test accuracy, autograd fp32 | " +
            "difference, points | 95 % interval |\n|---|---|---|---|---|\n");
        foreach (var (candidate, path) in rows) table.AppendLine(check.Row(candidate, path, replicates));
        Console.WriteLine(table);
        if (only.Length > 0) return 0;
        Repository.Write("docs/benchmarks/accuracy.md", $"""
            # What a faster path costs in accuracy
            Written by `dotnet run -c Release --project tests/Benchmarks -- accuracy {string.Join(' ', args)}`. fashion-mnist, its first {limit:N0} images of each split, {epochs} epochs, Adam
            ({Candidate.Mlp.Rate} for the MLP, {cnn.Described} for the CNN), batch 64, {replicates} replicates; difference of test accuracy after the last epoch to autograd in fp32 with the same
            seeds and initial weights, in percentage points, with Student's interval of the mean of the pairs. The CNN has filters 64, 128, 128, 256, 256, then 512-128, batch norm and dropout 0.3.
            Why its rate falls, and what other settings gave: [ADR 12](../adr/0012-float32-without-autograd.md).

            {table}
            ## Machine
            {TrainingBenchmark.Machine()}

            """);
        return 0;
    }

    private void Train(IEnumerable<Job> jobs, int threads)
    {
        var waiting = new ConcurrentQueue<Job>(jobs.Distinct());
        var trainers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            NumericThread.Prepare();
            while (waiting.TryDequeue(out var job))
            {
                double accuracy = _accuracies[job] = Accuracy(job);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{job.Candidate.Name} at {job.Candidate.Described}, " +
                    $"{job.Path}, replicate {job.Replicate}: {accuracy:F2} %; {waiting.Count} to begin"));
            }
        })).ToList();
        trainers.ForEach(t => t.Start());
        trainers.ForEach(t => t.Join());
    }

    private string Row(Candidate candidate, Path path, int replicates)
    {
        double[] Of(Path which) => [.. Enumerable.Range(1, replicates).Select(r => _accuracies[new(candidate, which, r)])];
        double[] general = Of(Path.Autograd), differences = [.. Of(path).Zip(general, (a, b) => a - b)];
        double mean = differences.Average(), deviation = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (replicates - 1));
        double half = s_quantiles[replicates - 2] * deviation / Math.Sqrt(replicates);
        string name = path == Path.BFloat16 ? "autograd bf16" : "explicit fp32";
        return string.Create(CultureInfo.InvariantCulture, $"| {candidate.Name} | {name} | {general.Average():F2} % | " +
            $"{mean:+0.00;-0.00;0.00} | {mean - half:+0.00;-0.00;0.00} … {mean + half:+0.00;-0.00;0.00} |");
    }

    private double Accuracy(Job job)
    {
        var configuration = new Configuration
        {
            Model = job.Candidate.Model,
            Optimizer = new Adam
            {
                LearningRate = job.Candidate.Rate,
                Decay = job.Candidate.Decay,
                WeightDecay = null,
                Beta1 = 0.9,
                Beta2 = 0.999,
                Epsilon = 1e-8,
            },
            BatchSize = 64,
            Limit = _limit,
            Precision = job.Path == Path.BFloat16 ? Precision.BFloat16 : Precision.Float32,
        };
        var recipe = new ClassifierRecipe
        {
            Configuration = configuration,
            Data = _data.Identity,
            Seed = 1,
            Replicate = job.Replicate,
            InitialCheckpoint = Digest.Of([]),
            NumericPath = job.Path == Path.Autograd ? NumericPath.General(configuration) : NumericPath.Of(configuration),
        };
        var network = Network.Of(configuration.Model, _data.Identity.Height, _data.Identity.Width, _data.Identity.Classes);

        // Only the last epoch is evaluated.
        var none = new ImageSplit([], []);
        TrainingState state;
        using (var loop = new TrainingLoop(recipe, _data with
        {
            Validation = none,
            Test = none,
        }, new(0, InitialCheckpoint.Draw(network, Initializer.HeNormal, 1, job.Replicate), null)))
        {
            while (loop.Epoch < _epochs - 1) loop.TrainEpoch(TimeProvider.System, CancellationToken.None);
            state = loop.Save();
        }
        using var last = new TrainingLoop(recipe, _data with { Validation = none }, state);
        return 100 * ClassifierResult.Of(last.TrainEpoch(TimeProvider.System, CancellationToken.None)).Test.Accuracy;
    }
}
