using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Randomness;
using Grains.Training.Checkpoints;
using Grains.Training.Data;
using Grains.Training.Numerics;
using TorchSharp;

namespace Grains.Training;

/// <summary>
/// Tells numeric environments apart. Silos whose probes hash alike give the same bits. The probe is a small training with every kind of
/// layer, activation and precision, on inputs that are made without libtorch and without transcendental functions.
/// </summary>
public static class Fingerprint
{
    private const int Size = 20;
    private const int Classes = 5;
    private static readonly BatchNorm Norm = new(1e-5, 0.1);

    /// <summary>Runs the probe on a thread of its own, which takes part of a second.</summary>
    /// <returns>16 hexadecimal digits, and what libtorch and the processor are, for people.</returns>
    public static (string Hash, string Environment) Probe()
    {
        string hash = "";
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                NumericThread.Prepare();
                hash = Digest.Of(Outputs()).Value[..16];
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return (hash, Environment());
    }

    private static byte[] Outputs()
    {
        using var all = new MemoryStream();
        var adam = new Adam { LearningRate = 1e-2, Decay = null, WeightDecay = null, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 };
        var sgd = new Sgd { LearningRate = 1e-2, Decay = 1e-3, WeightDecay = 1e-4, Momentum = 0.9 };
        foreach (var kind in Enum.GetValues<ActivationKind>())
        {
            var activation = new Activation(kind, kind == ActivationKind.LeakyRelu ? 0.01 : null);
            Add(all, Precision.Float32, new DenseModel
            {
                Hidden = [72, 40],
                Activation = activation,
                Initializer = null,
                BatchNorm = Norm,
                Dropout = 0.2,
                L2 = 1e-4,
            }, sgd);
        }
        var cnn = new CnnModel
        {
            Filters = [24, 40, 40],
            Dense = [48, 24],
            Activation = new(ActivationKind.Relu),
            Initializer = null,
            BatchNorm = Norm,
            Dropout = 0.3,
            L2 = 1e-4,
        };
        foreach (var precision in Enum.GetValues<Precision>()) Add(all, precision, cnn, adam);
        return all.ToArray();
    }

    private static void Add(Stream all, Precision precision, ModelSpec model, OptimizerSpec optimizer)
    {
        var data = new Dataset(new DataIdentity(Digest.Of([]), Size, Size, Classes, 96, 70, 0), [], Images("train", 96),
            Images("validation", 70), new([], []));
        var configuration = new Configuration { Model = model, Optimizer = optimizer, BatchSize = 32, Limit = null, Precision = precision };
        var recipe = new ClassifierRecipe
        {
            Configuration = configuration,
            Data = data.Identity,
            Seed = 1,
            Replicate = 1,
            InitialCheckpoint = Digest.Of([]),
            NumericPath = NumericPath.Of(configuration),
        };
        using var loop = new TrainingLoop(recipe, data, new TrainingState(0, Weights(model), null));
#pragma warning disable RS0030 // Its seconds are thrown away.
        var measurement = loop.TrainEpoch(TimeProvider.System, CancellationToken.None) with { Seconds = 0 };
#pragma warning restore RS0030
        all.Write(Encoding.UTF8.GetBytes(Canonical.Json(measurement)));
        all.Write(loop.Save().Weights);
    }

    private static ImageSplit Images(string split, int count)
    {
        var stream = KeyedStream.Of(1, 0, "probe", split);
        return new(Uniform(stream, count * Size * Size, 0, 1), [.. Enumerable.Range(0, count).Select(_ => stream.NextInt(Classes))]);
    }

    private static byte[] Weights(ModelSpec model) => Safetensors.Write(Network.Of(model, Size, Size, Classes).Tensors.Select(t =>
        new NamedTensor(t.Name, t.Dimensions, t.Role switch
        {
            TensorRole.Scale or TensorRole.RunningVariance => Uniform(KeyedStream.Of(1, 0, "probe", t.Name), (int)t.Count, 0.5, 1.5),
            _ => Uniform(KeyedStream.Of(1, 0, "probe", t.Name), (int)t.Count, -0.1, 0.1),
        })));

    private static float[] Uniform(KeyedStream stream, int count, double from, double to)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (float)(from + ((to - from) * stream.NextDouble()));
        return values;
    }

    private static string Environment() =>
        $"libtorch {torch.__version__}, {RuntimeInformation.OSArchitecture} {Vectors()}, one thread";

    private static string Vectors() => Avx512F.IsSupported ? "AVX-512" : Vector256.IsHardwareAccelerated ? "AVX2" : "128-bit vectors";
}
