using System.Runtime.Intrinsics.X86;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Randomness;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;

namespace Benchmarks;

/// <summary>A workload is one row of the table: images of 32 × 32, 4 classes, Adam.</summary>
/// <param name="Peer">Its name in peers/pytorch_bench.py.</param>
/// <param name="Samples">Of one epoch of ours.</param>
/// <param name="AtLeast">Times eager PyTorch, from issue 5; aim beside it.</param>
internal sealed record Workload(string Name, string Peer, ModelSpec Model, int Batch, int Samples, Precision Precision,
    double AtLeast, double Aim)
{
    private static readonly Adam s_adam = new()
    {
        LearningRate = 1e-4,
        Decay = null,
        WeightDecay = null,
        Beta1 = 0.9,
        Beta2 = 0.999,
        Epsilon = 1e-8,
    };
    private static readonly BatchNorm s_norm = new(1e-5, 0.1);

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("DENSE 300-150, batch 64", "dense", Dense(null, null), 64, 6400, Precision.Float32, 1.6, 2.5),
        new("DENSE, batch 1", "dense", Dense(null, null), 1, 1000, Precision.Float32, 3, 6),
        new("DENSE + batch norm + dropout, batch 32", "densenorm", Dense(s_norm, 0.3), 32, 3200, Precision.Float32, 1.6, 2.5),
        new("CNN, batch 64, fp32", "cnn", Cnn(1), 64, 128, Precision.Float32, 1.5, 1.8),
        new("CNN, batch 64, bf16", "cnn", Cnn(1), 64, 128, Precision.BFloat16, 2.5, 3),
        new("CNN, half filters, fp32", "half", Cnn(2), 64, 256, Precision.Float32, 1.6, 2),
    ];

    /// <summary>
    /// Says whether the processor has the instructions (AVX512_BF16, or AMX, which comes with it). Without them bf16 is computed, but
    /// slowly.
    /// </summary>
    public bool IsForThisProcessor => Precision != Precision.BFloat16 || (X86Base.IsSupported && (X86Base.CpuId(7, 1).Eax & (1 << 5)) != 0);

    public Network Network => Network.Of(Model, 32, 32, 4);

    public Dataset Data()
    {
        var stream = KeyedStream.Of(1, 0, "benchmark", Name);
        var pixels = new float[Samples * 1024];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (float)stream.NextDouble();
        var labels = Enumerable.Range(0, Samples).Select(_ => stream.NextInt(4)).ToArray();
        return new(new(Digest.Of([]), 32, 32, 4, Samples, 0, 0), [], new(pixels, labels), new([], []), new([], []));
    }

    /// <summary>Without validation or test images an epoch is nothing but its updates.</summary>
    /// <param name="general">Whether it takes the general path, and not the one that the recipe's rule chooses.</param>
    public TrainingLoop Loop(Dataset data, bool general = false)
    {
        var configuration = new Configuration { Model = Model, Optimizer = s_adam, BatchSize = Batch, Limit = null, Precision = Precision };
        var recipe = new ClassifierRecipe
        {
            Configuration = configuration,
            Data = data.Identity,
            Seed = 1,
            Replicate = 1,
            InitialCheckpoint = Digest.Of([]),
            NumericPath = general ? NumericPath.General(configuration) : NumericPath.Of(configuration),
        };
        return new(recipe, data, new(0, InitialCheckpoint.Draw(Network, Initializer.HeNormal, 1, 1), null));
    }

    /// <summary>Counts the multiplications and additions of the products and convolutions of one sample, forward and backward.</summary>
    public double Flops()
    {
        double sum = 0;
        bool first = true;
        foreach (var layer in Network.Layers)
        {
            double forward = layer switch
            {
                Convolution c => 2.0 * 9 * c.InputChannels * c.Output[0] * c.Output[1] * c.Output[2],
                Linear l => 2.0 * l.Input * l.Output[0],
                _ => 0,
            };
            if (forward == 0) continue;
            sum += forward * (first ? 2 : 3);
            first = false;
        }
        return sum;
    }

    private static DenseModel Dense(BatchNorm? norm, double? dropout) =>
        new()
        {
            Hidden = [300, 150],
            Activation = new(ActivationKind.Relu),
            Initializer = Initializer.HeNormal,
            BatchNorm = norm,
            Dropout = dropout,
            L2 = null,
        };

    private static CnnModel Cnn(int divisor) => new()
    {
        Filters = [64 / divisor, 128 / divisor, 128 / divisor, 256 / divisor, 256 / divisor],
        Dense = [512, 128],
        Activation = new(ActivationKind.Relu),
        Initializer = Initializer.HeNormal,
        BatchNorm = s_norm,
        Dropout = 0.3,
        L2 = null,
    };
}
