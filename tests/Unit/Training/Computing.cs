using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Randomness;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;
using Grains.Training.Numerics;

namespace Tests.Unit.Training;

/// <summary>Makes small data, models and recipes, and the threads that train them.</summary>
internal static class Computing
{
    public static readonly Adam PlainAdam = new()
    {
        LearningRate = 1e-3,
        Decay = null,
        WeightDecay = null,
        Beta1 = 0.9,
        Beta2 = 0.999,
        Epsilon = 1e-8,
    };

    private static readonly BatchNorm Norm = new(1e-5, 0.1);

    public static DenseModel Dense { get; } = new()
    {
        Hidden = [24, 10],
        Activation = new(ActivationKind.LeakyRelu, 0.01),
        Initializer = Initializer.HeNormal,
        BatchNorm = Norm,
        Dropout = 0.3,
        L2 = 1e-3,
    };

    public static CnnModel Cnn { get; } = new()
    {
        Filters = [4, 6, 5],
        Dense = [12, 7],
        Activation = new(ActivationKind.Relu),
        Initializer = Initializer.HeNormal,
        BatchNorm = Norm,
        Dropout = 0.2,
        L2 = 1e-3,
    };

    public static ModelSpec Model(string kind) => kind == "dense" ? Dense : Cnn;

    /// <summary>Draws data whose class k is a bright stripe at row k, in noise.</summary>
    public static Dataset Stripes(int train = 50, int validation = 21, int test = 13, int size = 12, int classes = 3)
    {
        ImageSplit Draw(string name, int count)
        {
            var stream = KeyedStream.Of(7, 0, "stripes", name);
            var pixels = new float[count * size * size];
            var labels = new int[count];
            for (int n = 0; n < count; n++)
            {
                labels[n] = stream.NextInt(classes);
                for (int i = 0; i < size * size; i++)
                {
                    pixels[(n * size * size) + i] = (float)(0.3 * stream.NextDouble()) + (i / size == labels[n] * 2 ? 0.7f : 0f);
                }
            }
            return new(pixels, labels);
        }
        var identity = new DataIdentity(Digest.Of([1]), size, size, classes, train, validation, test);
        return new(identity, [.. Enumerable.Range(0, classes).Select(k => $"row {k}")], Draw("train", train),
            Draw("validation", validation), Draw("test", test));
    }

    public static ClassifierRecipe Recipe(ModelSpec model, Dataset data, int? batch = 16, OptimizerSpec? optimizer = null,
        int replicate = 1, int? limit = null,
        Precision precision = Precision.Float32)
    {
        var configuration = new Configuration
        {
            Model = model,
            Optimizer = optimizer ?? PlainAdam,
            BatchSize = batch,
            Limit = limit,
            Precision = precision,
        };
        return new()
        {
            Configuration = configuration,
            Data = data.Identity,
            Seed = 5,
            Replicate = replicate,
            InitialCheckpoint = Digest.Of([]),
            NumericPath = NumericPath.Of(configuration),
        };
    }

    public static Network NetworkOf(ClassifierRecipe recipe) =>
        Network.Of(recipe.Configuration.Model, recipe.Data.Height, recipe.Data.Width, recipe.Data.Classes);

    public static TrainingState Start(ClassifierRecipe recipe) =>
        new(0, InitialCheckpoint.Draw(NetworkOf(recipe), Initializer.HeNormal, recipe.Seed, recipe.Replicate), null);

    public static (ImmutableArray<Measurement> Measurements, TrainingState State) Train(ClassifierRecipe recipe, Dataset data, int epochs,
        TrainingState? from = null)
    {
        using var loop = new TrainingLoop(recipe, data, from ?? Start(recipe));
        var measurements = ImmutableArray.CreateBuilder<Measurement>();
        while (loop.Epoch < epochs) measurements.Add(loop.TrainEpoch(TimeProvider.System, CancellationToken.None));
        return (measurements.ToImmutable(), loop.Save());
    }

    /// <summary>Runs on a new thread, prepared for computing, and hands back the result or the exception.</summary>
    public static T OnThread<T>(Func<T> work) => Begin(work)();

    public static void OnThread(Action work) => OnThread(() => { work(); return true; });

    /// <summary>Runs the same without waiting. The result joins the thread.</summary>
    public static Func<T> Begin<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                NumericThread.Prepare();
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        return () =>
        {
            thread.Join();
            failure?.Throw();
            return result;
        };
    }

    public static void Same(TrainingState expected, TrainingState actual)
    {
        Assert.Equal(expected.Epoch, actual.Epoch);
        Assert.True(expected.Weights.AsSpan().SequenceEqual(actual.Weights), "weights differ");
        Assert.True(expected.Optimizer.AsSpan().SequenceEqual(actual.Optimizer), "optimizer states differ");
    }
}
