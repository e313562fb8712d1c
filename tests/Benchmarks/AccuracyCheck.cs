using System.Globalization;
using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;

namespace Benchmarks;

/// <summary>
/// Test accuracy of each numeric path against autograd in float32, on the same seeds and starts: what a faster path costs. The interval is
/// Student's on the paired differences.
/// </summary>
internal static class AccuracyCheck
{
    /// <summary>Student's t, 97.5 %, by degrees of freedom from 1.</summary>
    private static readonly double[] s_quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

    private static readonly Adam s_adam = new() { LearningRate = 1e-3, Decay = null, WeightDecay = null, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 };

    public static int Run(string[] args)
    {
        int Number(string name, int otherwise) => int.Parse(Arguments.Value(args, name, $"{otherwise}"), CultureInfo.InvariantCulture);
        int replicates = Math.Clamp(Number("--replicates", 5), 2, s_quantiles.Length + 1), epochs = Number("--epochs", 5), limit = Number("--limit", 10_000);
        int cnnEpochs = Number("--cnn-epochs", epochs), cnnLimit = Number("--cnn-limit", limit), divisor = Number("--divisor", 1);
        NumericThread.Prepare();
        var data = DatasetLoader.Load(new IdxData { Path = Arguments.Value(args, "--data", Path.Combine(Repository.Root, "..", "shared", "data", "fashion-mnist")) }, CancellationToken.None);
        var mlp = new DenseModel { Hidden = [100], Activation = new(ActivationKind.Relu), Initializer = Initializer.HeNormal, BatchNorm = null, Dropout = null, L2 = null };
        var cnn = new CnnModel
        {
            Filters = [64 / divisor, 128 / divisor, 128 / divisor, 256 / divisor, 256 / divisor],
            Dense = [512 / divisor, 128 / divisor],
            Activation = new(ActivationKind.Relu),
            Initializer = Initializer.HeNormal,
            BatchNorm = new(1e-5, 0.1),
            Dropout = 0.3,
            L2 = null,
        };

        var table = new StringBuilder("| model | path | test accuracy, autograd fp32 | difference, points | 95 % interval |\n|---|---|---|---|---|\n");
        Compare($"MLP [100], limit {limit}, {epochs} epochs", mlp, limit, epochs, [Precision.Float32, Precision.BFloat16]);
        Compare($"CNN [{string.Join(", ", cnn.Filters)}], limit {cnnLimit}, {cnnEpochs} epochs", cnn, cnnLimit, cnnEpochs, [Precision.Float32, Precision.BFloat16]);
        Repository.Write("docs/benchmarks/accuracy.md", $"""
            # What a faster path costs in accuracy
            Written by `dotnet run -c Release --project tests/Benchmarks -- accuracy {string.Join(' ', args)}`. fashion-mnist, Adam 0.001, batch 64, {replicates} replicates; difference of
            test accuracy to autograd in fp32 with the same seeds and initial weights, in percentage points, with Student's interval of the mean of the pairs.

            {table}
            """);
        return 0;

        void Compare(string name, ModelSpec model, int images, int rounds, Precision[] precisions)
        {
            var general = Enumerable.Range(1, replicates).Select(r => Accuracy(data, model, images, rounds, Precision.Float32, r, general: true)).ToArray();
            foreach (var precision in precisions)
            {
                double[] differences = [.. Enumerable.Range(1, replicates).Select(r => Accuracy(data, model, images, rounds, precision, r, general: false) - general[r - 1])];
                double mean = differences.Average(), deviation = Math.Sqrt(differences.Sum(d => (d - mean) * (d - mean)) / (replicates - 1));
                double half = s_quantiles[replicates - 2] * deviation / Math.Sqrt(replicates);
                string path = precision == Precision.BFloat16 ? "autograd bf16" : "explicit fp32";
                string row = string.Create(CultureInfo.InvariantCulture, $"| {name} | {path} | {general.Average():F2} % | {mean:+0.00;-0.00;0.00} | {mean - half:+0.00;-0.00;0.00} … {mean + half:+0.00;-0.00;0.00} |");
                table.Append(row).Append('\n');
                Console.WriteLine(row);
            }
        }
    }

    private static double Accuracy(Dataset data, ModelSpec model, int limit, int epochs, Precision precision, int replicate, bool general)
    {
        var configuration = new Configuration { Model = model, Optimizer = s_adam, BatchSize = 64, Limit = limit, Precision = precision };
        var recipe = new Recipe
        {
            Configuration = configuration,
            Data = data.Identity,
            Seed = 1,
            Replicate = replicate,
            InitialCheckpoint = Digest.Of([]),
            NumericPath = general ? NumericPath.General : NumericPath.Of(configuration),
        };
        var network = Network.Of(model, data.Identity.Height, data.Identity.Width, data.Identity.Classes);
        using var loop = new TrainingLoop(recipe, data, new(0, InitialCheckpoint.Draw(network, Initializer.HeNormal, 1, replicate), null));
        for (int i = 1; i < epochs; i++) loop.TrainEpoch(TimeProvider.System, CancellationToken.None);
        return 100 * loop.TrainEpoch(TimeProvider.System, CancellationToken.None).Test.Accuracy;
    }
}
