using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Training;

namespace Benchmarks.Journal;

/// <summary>
/// Trains at no cost: its measurements are full-sized, but it computes nothing. Everything around it is what a silo runs.
/// </summary>
internal sealed class EmptyLoop(ClassifierRecipe recipe, TrainingState start) : IEpochLoop
{
    private static readonly byte[] Weights = [1], Moments = [2];

    public int Epoch { get; private set; } = start.Epoch;

    public bool HasState => true;

    public Measurement TrainEpoch(int until, TimeProvider clock, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        int correct = 50 + ++Epoch, classes = recipe.Data.Classes;
        return new ClassifierResult
        {
            Train = new(1.0 / Epoch, correct, 100),
            Validation = new(1.1 / Epoch, correct, 100),
            Test = new(1.2 / Epoch, correct, 100),
            Penalty = 0,
            ValidationConfusion = new int[classes * classes],
            TestConfusion = new int[classes * classes],
        }.Measurement(Epoch, seconds: 0);
    }

    public TrainingState Save() => new(Epoch, Weights, Moments);

    public byte[] SaveWeights() => Weights;

    public void Dispose()
    {
    }
}
