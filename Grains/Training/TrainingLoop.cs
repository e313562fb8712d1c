using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Randomness;
using Grains.Training.Checkpoints;
using Grains.Training.Data;
using Grains.Training.Engines;
using Grains.Training.Explicit;
using Grains.Training.Models;
using Grains.Training.Numerics;
using Grains.Training.Optimizers;

namespace Grains.Training;

/// <summary>
/// Trains one recipe, epoch by epoch, on the calling thread, which <see cref="NumericThread.Prepare"/> made ready. Equal states lead to
/// equal bits: all randomness is keyed by (seed, replicate, purpose, layer, update), and every sum has its order. It is not safe for two
/// threads. Legend: B batch, H W pixels, K classes.
/// </summary>
public sealed class TrainingLoop : IEpochLoop
{
    private const int DenseEvaluationBatch = 512;
    private const int CnnEvaluationBatch = 64;

    private readonly ClassifierRecipe _recipe;
    private readonly Dataset _data;
    private readonly Network _network;
    private readonly Weights _weights;
    private readonly Engine _engine;
    private readonly Optimizer _optimizer;
    private readonly CrossEntropy _crossEntropy;
    private readonly BatchInput _input;
    private bool _betweenEpochs = true;

    /// <exception cref="SpecException">The state does not fit the model, or the recipe asks for what cannot be trained.</exception>
    public TrainingLoop(ClassifierRecipe recipe, Dataset data, TrainingState start)
    {
        NumericThread.Require();
        if (CodeOffer.Own.Lacks(recipe.NumericPath) is { Count: > 0 } lacks)
        {
            throw new SpecException($"The recipe needs {string.Join(", ", lacks)}, and this program has {CodeOffer.Own.Instead(lacks)}. " +
                "Use a program of that version, or submit the sweep again.");
        }
        (_recipe, _data, Epoch) = (recipe, data, start.Epoch);
        var (configuration, identity) = (recipe.Configuration, recipe.Data);
        if (data.Identity != identity)
        {
            throw new SpecException($"data: the recipe is of {identity.Digest.Short} and the data are {data.Identity.Digest.Short}" +
                $": they changed. Submit the sweep again.");
        }
        RefuseImpossible(configuration, Limited(data.Train));

        _network = Network.Of(configuration.Model, identity.Height, identity.Width, identity.Classes);
        var file = Safetensors.Read(start.Weights, "weights");
        InitialCheckpoint.Check(_network, file.Tensors, "weights");
        _weights = new Weights(_network, file.Tensors);
        _engine = NumericPath.IsExplicit(recipe.NumericPath)
            ? new ExplicitEngine(_network, _weights, recipe.Seed, recipe.Replicate)
            : new AutogradEngine(
                new NetworkModel(_network, _weights, configuration.Precision, recipe.Seed, recipe.Replicate), identity.Classes);
        _optimizer = Optimizer.Of(configuration.Optimizer, _weights, configuration.Model.L2 ?? 0);
        if (start.Optimizer is { } moments) _optimizer.Load(moments);
        _crossEntropy = new CrossEntropy(identity.Classes);
        _input = new BatchInput(_network);
    }

    /// <summary>The number of images per evaluation batch. It is part of the numbers, because sums have an order.</summary>
    public static int EvaluationBatch(ModelSpec model) => model is CnnModel ? CnnEvaluationBatch : DenseEvaluationBatch;

    /// <summary>The number of epochs trained.</summary>
    public int Epoch { get; private set; }

    /// <inheritdoc/>
    public bool HasState => true;

    /// <summary>Trains one epoch and evaluates. A loss may be NaN or infinite, and the caller says what that means.</summary>
    /// <exception cref="OperationCanceledException">The cancellation was seen between two batches. This loop cannot be saved or continued
    /// then.</exception>
    public Measurement TrainEpoch(TimeProvider clock, CancellationToken ct)
    {
        NumericThread.Require();
        RequireWholeEpoch();
        _betweenEpochs = false;
        long began = clock.GetTimestamp();

        var train = TrainOnce(ct);
        var validation = Evaluate(_data.Validation, ct);
        var test = Evaluate(_data.Test, ct);

        _betweenEpochs = true;
        return new ClassifierResult
        {
            Train = train.Result,
            Validation = validation.Result,
            Test = test.Result,
            Penalty = _recipe.Configuration.Model.L2 is { } lambda ? lambda * _weights.PenalizedSquares() : 0,
            ValidationConfusion = validation.Confusion,
            TestConfusion = test.Confusion,
        }.Measurement(++Epoch, clock.GetElapsedTime(began).TotalSeconds);
    }

    // An epoch is trained alike, whoever demands which.
    Measurement IEpochLoop.TrainEpoch(int until, TimeProvider clock, CancellationToken ct) => TrainEpoch(clock, ct);

    /// <summary>Returns the state, whose bytes are a function of recipe and epoch.</summary>
    public TrainingState Save() => new(Epoch, SaveWeights(), Epoch == 0 ? null : _optimizer.Save());

    /// <inheritdoc/>
    public byte[] SaveWeights()
    {
        RequireWholeEpoch();
        return Safetensors.Write(_weights.Export());
    }

    public void Dispose()
    {
        _engine.Dispose();
        _input.Dispose();
        _optimizer.Dispose();
        _weights.Dispose();
    }

    private Tally TrainOnce(CancellationToken ct)
    {
        var tally = new Tally(_network.Classes);
        float[] gradient_BK = [];
        int[] order = KeyedStream.Of(_recipe.Seed, _recipe.Replicate, "shuffle", step: Epoch + 1).Permutation(Limited(_data.Train));
        foreach (var (start, length) in Batches.Of(order.Length, _recipe.Configuration.BatchSize))
        {
            ct.ThrowIfCancellationRequested();
            _input.Take(_data.Train, order.AsSpan(start, length));
            var logits_BK = _engine.Train(_input, _optimizer.Steps);
            if (gradient_BK.Length < logits_BK.Length) gradient_BK = new float[logits_BK.Length];
            _crossEntropy.Add(logits_BK, _input.Labels, gradient_BK.AsSpan(0, logits_BK.Length), tally);
            _engine.Update(gradient_BK.AsSpan(0, logits_BK.Length), _optimizer);
        }
        return tally;
    }

    private Tally Evaluate(ImageSplit split, CancellationToken ct)
    {
        var tally = new Tally(_network.Classes);
        int count = Limited(split), size = EvaluationBatch(_recipe.Configuration.Model);
        for (int start = 0; start < count; start += size)
        {
            ct.ThrowIfCancellationRequested();
            int length = Math.Min(size, count - start);
            _input.Take(split, start, length);
            _crossEntropy.Add(_engine.Evaluate(_input), _input.Labels, [], tally);
        }
        return tally;
    }

    private int Limited(ImageSplit split) => Math.Min(split.Count, _recipe.Configuration.Limit ?? int.MaxValue);

    private void RequireWholeEpoch()
    {
        if (!_betweenEpochs)
        {
            throw new InvalidOperationException(
                "This loop was cancelled in the middle of an epoch. Start a new one from the last saved state.");
        }
    }

    private static void RefuseImpossible(Configuration configuration, int samples)
    {
        if (samples == 0) throw new SpecException("data: the training split is empty. Give at least one image.");
        if (configuration.Model.BatchNorm is not null && (configuration.BatchSize == 1 || samples == 1))
        {
            throw new SpecException("batch_size: 1 leaves batch normalization no variance. Use at least 2, or no batch normalization.");
        }
    }
}
