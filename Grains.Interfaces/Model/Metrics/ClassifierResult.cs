namespace Grains.Interfaces.Model.Metrics;

/// <summary>
/// What the built-in classifier reports for an epoch. CONTRIBUTING says how to add a metric to <see cref="Metrics"/>.
/// </summary>
public sealed record ClassifierResult
{
    /// <summary>The names of the confusion matrices.</summary>
    public const string ValidationTable = "validation_confusion", TestTable = "test_confusion";

    private const string Loss = "Mean cross-entropy per image", Correct = "Share of the images whose class was the most probable";

    public static readonly MetricVocabulary Metrics = new(
        [
            new("train_loss", Split.Train, MetricForm.Number, Goal.Minimize, "nats",
                $"{Loss}: running mean over the epoch's batches, as seen in training mode."),
            new("train_accuracy", Split.Train, MetricForm.Share, Goal.Maximize, "1", $"{Correct}, over the epoch's batches."),
            new("validation_loss", Split.Validation, MetricForm.Number, Goal.Minimize, "nats", $"{Loss}, after the epoch."),
            new("validation_accuracy", Split.Validation, MetricForm.Share, Goal.Maximize, "1", $"{Correct}, after the epoch."),
            new("test_loss", Split.Test, MetricForm.Number, Goal.Minimize, "nats", $"{Loss}, after the epoch; recorded only."),
            new("test_accuracy", Split.Test, MetricForm.Share, Goal.Maximize, "1", $"{Correct}; recorded only.", Reported: true),
            new("penalty", Split.Train, MetricForm.Number, null, "nats",
                "L2 penalty λ·Σw² at the end of the epoch, which is in none of the losses; 0 without one."),
        ],
        [ValidationTable, TestTable]);

    /// <summary>The loss and counts in training mode: the running mean over the epoch's batches.</summary>
    public required SplitResult Train { get; init; }

    public required SplitResult Validation { get; init; }

    /// <summary>The result on the test split, which is recorded and never used to choose.</summary>
    public required SplitResult Test { get; init; }

    public required double Penalty { get; init; }

    /// <summary>The validation counts, row = true class, column = predicted, row by row; empty where nothing was classified.</summary>
    public int[] ValidationConfusion { get; init; } = [];

    /// <summary>The counts of the test split, in the same form.</summary>
    public int[] TestConfusion { get; init; } = [];

    public Measurement Measurement(int epoch, double seconds) => new()
    {
        Epoch = epoch,
        Seconds = seconds,
        Values = new MetricValues.Packer()
            .Number(Train.Loss).Share(Train.Correct, Train.Total)
            .Number(Validation.Loss).Share(Validation.Correct, Validation.Total)
            .Number(Test.Loss).Share(Test.Correct, Test.Total)
            .Number(Penalty).Done(),
        Counts = CountTables.Of(ValidationConfusion, TestConfusion),
    };

    /// <summary>Reads back what <see cref="Measurement"/> packed.</summary>
    public static ClassifierResult Of(Measurement m) => new()
    {
        Train = At(m.Values, 0),
        Validation = At(m.Values, 2),
        Test = At(m.Values, 4),
        Penalty = m.Values.Value(6),
        ValidationConfusion = m.Counts.Table(0),
        TestConfusion = m.Counts.Table(1),
    };

    private static SplitResult At(MetricValues values, int index)
    {
        var (correct, total) = values.Share(index + 1);
        return new SplitResult(values.Value(index), correct, total);
    }
}

/// <summary>Mean cross-entropy per image (nats) and exact counts. An empty split has 0 of 0 and a loss of 0.</summary>
public readonly record struct SplitResult(double Loss, int Correct, int Total)
{
    public double Accuracy => Total == 0 ? 0 : (double)Correct / Total;
}
