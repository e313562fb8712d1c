using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>The objective that a sweep ranks by: a metric, a direction, and the epoch at which it is read.</summary>
[GenerateSerializer, Immutable, Alias("Objective")]
public sealed record Objective([property: Id(0)] Metric Metric, [property: Id(1)] Goal Goal, [property: Id(2)] ReadAt At)
{
    /// <summary>The metric's value at one epoch.</summary>
    public double Value(Measurement m) => Value(m.Train, m.Validation);

    /// <summary>The metric's value, from one epoch's two splits.</summary>
    public double Value(SplitResult train, SplitResult validation) => Metric switch
    {
        Metric.ValidationAccuracy => validation.Accuracy,
        Metric.ValidationLoss => validation.Loss,
        Metric.TrainAccuracy => train.Accuracy,
        Metric.TrainLoss => train.Loss,
        _ => throw new InvalidOperationException($"Metric {Metric} has no reading."),
    };

    /// <summary>Whether <paramref name="a"/> is strictly better than <paramref name="b"/>; NaN is worse than everything.</summary>
    public bool Better(double a, double b) => !double.IsNaN(a) && (double.IsNaN(b) || (Goal == Goal.Maximize ? a > b : a < b));

    /// <summary>
    /// The measurement that speaks for a trial: the best by the objective (the first on a tie), or the last. It is null without any.
    /// </summary>
    public Measurement? Reading(IReadOnlyList<Measurement> measurements)
    {
        if (measurements.Count == 0) return null;
        return At == ReadAt.Last ? measurements[^1] : Best(measurements);
    }

    /// <summary>The best measurement by the objective, the first on a tie.</summary>
    public Measurement? Best(IReadOnlyList<Measurement> measurements)
    {
        Measurement? best = null;
        foreach (var m in measurements)
            if (best is null || Better(Value(m), Value(best))) best = m;
        return best;
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<Metric>))]
public enum Metric
{
    [JsonStringEnumMemberName("validation_accuracy")] ValidationAccuracy,
    [JsonStringEnumMemberName("validation_loss")] ValidationLoss,
    [JsonStringEnumMemberName("train_accuracy")] TrainAccuracy,
    [JsonStringEnumMemberName("train_loss")] TrainLoss,
}

[JsonConverter(typeof(JsonStringEnumConverter<Goal>))]
public enum Goal
{
    [JsonStringEnumMemberName("maximize")] Maximize,
    [JsonStringEnumMemberName("minimize")] Minimize,
}

[JsonConverter(typeof(JsonStringEnumConverter<ReadAt>))]
public enum ReadAt
{
    [JsonStringEnumMemberName("best")] Best,
    [JsonStringEnumMemberName("last")] Last,
}
