using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Randomness;
using Grains.Training.Checkpoints;
using Grains.Training.Engines;
using Grains.Training.Explicit;
using Grains.Training.Models;
using Grains.Training.Numerics;
using Grains.Training.Optimizers;

namespace Grains.Training;

/// <summary>
/// Says which code belongs to which block, and which blocks a configuration uses. NumericBlocks.txt holds a digest of each block's compiled
/// code. A test compares them, so that no code changes without a decision about its version.
/// </summary>
public static class NumericBlocks
{
    private static readonly NumericBlock
        Loop = new("loop", 1, typeof(TrainingLoop), typeof(IEpochLoop), typeof(TrainingState), typeof(Batches),
            typeof(Tally), typeof(Engine), typeof(BatchInput), typeof(BatchTensor), typeof(Optimizer), typeof(NumericThread),
            typeof(Native)),
        // What the classifier reports: an epoch that is trained again is compared with all of it.
        Report = new("report", 1, typeof(ClassifierResult), typeof(SplitResult), typeof(MetricValues), typeof(CountTables), typeof(Leb128),
            typeof(Bits)),
        Loss = new("loss", 1, typeof(CrossEntropy)),
        Random = new("random", 1, typeof(KeyedStream), typeof(Philox)),
        Layers = new("network", 1, typeof(Network), typeof(Layer), typeof(Convolution), typeof(Linear), typeof(Normalization),
            typeof(Nonlinearity), typeof(Dropout), typeof(MaxPooling), typeof(Flatten), typeof(TensorShape),
            typeof(TensorRole)),
        Tensors = new("weights", 1, typeof(Weights), typeof(WeightTensor), typeof(WeightBuffer), typeof(MemoryLayout),
            typeof(Safetensors), typeof(NamedTensor), typeof(TensorFile)),
        Start = new("start", 1, typeof(InitialCheckpoint)),
        Adam = new("adam", 1, typeof(AdamOptimizer)),
        Sgd = new("sgd", 1, typeof(SgdOptimizer)),
        Dropout = new("dropout", 1, typeof(DropoutMask), typeof(DropoutLayer)),
        Explicit = new("explicit", 1, typeof(ExplicitEngine), typeof(ExplicitLayer), typeof(MixingLayer), typeof(ChannelLayer),
            typeof(FeatureBuffer), typeof(SampleBatch), typeof(Channels), typeof(Row), typeof(Transposition), typeof(WeightPlace)),
        Dense = new("dense", 1, typeof(LinearLayer), typeof(Matrix), typeof(MatrixProduct), typeof(VectorProduct)),
        Convolution = new("convolution", 1, typeof(ConvolutionLayer), typeof(Winograd)),
        Pooling = new("pooling", 1, typeof(PoolingLayer)),
        Activation = new("activation", 1, typeof(ActivationLayer)),
        Norm = new("norm", 1, typeof(NormalizationLayer)),
        Autograd = new("autograd", 1, typeof(AutogradEngine), typeof(NetworkModel)),
        BFloat16 = new("bf16", 1, typeof(Autocast)),
        // No recipe names the probe. Another probe gives every silo another fingerprint, and trainings under way then wait for a silo with
        // theirs.
        Probe = new("probe", 1, typeof(Fingerprint));

    /// <summary>The blocks that recipes name.</summary>
    internal static IReadOnlyList<NumericBlock> Named { get; } =
    [
        Loop, Report, Loss, Random, Layers, Tensors, Start, Adam, Sgd, Dropout, Explicit, Dense, Convolution, Pooling, Activation, Norm,
        Autograd, BFloat16,
    ];

    /// <summary>Every block of this program.</summary>
    public static IReadOnlyList<NumericBlock> All { get; } = [.. Named, Probe];

    /// <summary>The types among the numeric code that make no numbers: they name it, or rank what it made.</summary>
    public static IReadOnlyList<Type> Names { get; } =
    [
        typeof(NumericBlock), typeof(NumericBlocks), typeof(NumericPath), typeof(CodeOffer), typeof(ITrainingProgram),
        typeof(LoopStart), typeof(TrainingPrograms),
        typeof(Measurement),
        typeof(Metric), typeof(Split), typeof(MetricForm), typeof(MetricVocabulary), typeof(Objective), typeof(Goal), typeof(ReadAt),
        typeof(Ranking), typeof(BestSoFar),
    ];

    /// <summary>The blocks that a configuration uses on the path with written-out derivatives.</summary>
    internal static IEnumerable<NumericBlock> OfExplicit(Configuration configuration)
    {
        var model = configuration.Model;
        foreach (var block in OfAny(configuration)) yield return block;
        yield return Explicit;
        yield return Dense;
        if (model is CnnModel { Filters.Length: > 0 })
        {
            yield return Convolution;
            yield return Pooling;
        }
        if (model is CnnModel or DenseModel { Activation: not null }) yield return Activation;
        if (model.BatchNorm is not null) yield return Norm;
    }

    /// <summary>The blocks that a configuration uses on the path through torch's autograd, where torch computes the layers.</summary>
    internal static IEnumerable<NumericBlock> OfAutograd(Configuration configuration)
    {
        foreach (var block in OfAny(configuration)) yield return block;
        yield return Autograd;
        if (configuration.Precision == Precision.BFloat16) yield return BFloat16;
    }

    private static IEnumerable<NumericBlock> OfAny(Configuration configuration)
    {
        yield return Loop;
        yield return Report;
        yield return Loss;
        yield return Random;
        yield return Layers;
        yield return Tensors;
        if (configuration.Model.Initializer is not null) yield return Start;
        if (configuration.Model.Dropout is not null) yield return Dropout;
        yield return configuration.Optimizer switch
        {
            Interfaces.Model.Adam => Adam,
            Interfaces.Model.Sgd => Sgd,
            var other => throw new InvalidOperationException($"No block for {other.GetType().Name}."),
        };
    }
}
