using Grains.Interfaces.Model.Metrics;

namespace Grains.Training;

/// <summary>
/// Trains epoch after epoch from a saved state, which is all that an attempt needs of computing. <see cref="TrainingLoop"/> is the one that
/// computes.
/// </summary>
public interface IEpochLoop : IDisposable
{
    /// <summary>The number of epochs trained.</summary>
    int Epoch { get; }

    /// <summary>Whether the state at this epoch is at hand, so that it can be saved. It is at each `until`.</summary>
    bool HasState { get; }

    /// <summary>Trains one epoch and evaluates. A loss may be NaN or infinite, and the caller says what that means.</summary>
    /// <param name="until">The next epoch that somebody demands, at least the one that is trained now.</param>
    /// <exception cref="OperationCanceledException">This loop cannot be saved or continued then.</exception>
    Measurement TrainEpoch(int until, TimeProvider clock, CancellationToken ct);

    /// <summary>Returns the state, whose bytes are a function of recipe and epoch.</summary>
    TrainingState Save();

    /// <summary>Returns the weights alone, as <see cref="Save"/> does, in a third of the time.</summary>
    byte[] SaveWeights();
}
