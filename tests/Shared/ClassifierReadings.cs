using Grains.Interfaces.Model.Metrics;

namespace Tests.Shared;

/// <summary>Reads a measurement of the classifier, and makes one that says little.</summary>
internal static class ClassifierReadings
{
    /// <summary>The names of the kinds of best weights that the classifier always keeps.</summary>
    public const string BestLoss = "best_validation_loss_minimize", BestAccuracy = "best_validation_accuracy_maximize";

    extension(Measurement m)
    {
        public SplitResult Train => ClassifierResult.Of(m).Train;

        public SplitResult Validation => ClassifierResult.Of(m).Validation;

        public SplitResult Test => ClassifierResult.Of(m).Test;

        public double Penalty => ClassifierResult.Of(m).Penalty;

        public int[] TestConfusion => ClassifierResult.Of(m).TestConfusion;

        public int[] ValidationConfusion => ClassifierResult.Of(m).ValidationConfusion;
    }

    public static Measurement With(this Measurement m, Func<ClassifierResult, ClassifierResult> change) =>
        change(ClassifierResult.Of(m)).Measurement(m.Epoch, m.Seconds);

    /// <summary>Makes a measurement with the same loss on each split.</summary>
    public static Measurement Measured(int epoch, double loss, int correct = 1, int total = 2, double seconds = 1)
    {
        var split = new SplitResult(loss, correct, total);
        return new ClassifierResult { Train = split, Validation = split, Test = split, Penalty = 0 }.Measurement(epoch, seconds);
    }
}
