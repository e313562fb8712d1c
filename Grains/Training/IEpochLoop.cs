using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Training.Data;

namespace Grains.Training;

/// <summary>
/// Trains epoch after epoch from a saved state, which is all that an attempt needs of computing. <see cref="TrainingLoop"/> is the one that
/// computes.
/// </summary>
public interface IEpochLoop : IDisposable
{
    /// <summary>The number of epochs trained.</summary>
    int Epoch { get; }

    /// <summary>Trains one epoch and evaluates. A loss may be NaN or infinite, and the caller says what that means.</summary>
    /// <exception cref="OperationCanceledException">This loop cannot be saved or continued then.</exception>
    Measurement TrainEpoch(TimeProvider clock, CancellationToken ct);

    /// <summary>Returns the state, whose bytes are a function of recipe and epoch.</summary>
    TrainingState Save();

    /// <summary>Returns the weights alone, as <see cref="Save"/> does, in a third of the time.</summary>
    byte[] SaveWeights();
}

/// <summary>Makes a recipe ready to go on from a state, on the calling thread.</summary>
/// <exception cref="SpecException">The state does not fit the model, or the recipe asks for what cannot be trained.</exception>
public delegate IEpochLoop EpochLoopStart(Recipe recipe, Dataset data, TrainingState start);

/// <summary>What a recipe runs: the metrics that it reports for each epoch, and the way to begin it.</summary>
public sealed record TrainingProgram(MetricVocabulary Metrics, EpochLoopStart Start)
{
    /// <summary>The built-in classifier of images.</summary>
    public static TrainingProgram Classifier { get; } =
        new(ClassifierResult.Metrics, (recipe, data, start) => new TrainingLoop(recipe, data, start));
}
