using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model.Metrics;

/// <summary>
/// What a training program reports for each epoch, in its order. The order is part of the journal's form: a program adds metrics at the
/// end.
/// </summary>
/// <param name="Metrics">The numbers.</param>
/// <param name="Tables">The names of the tables of exact counts that are kept beside them, such as a confusion matrix.</param>
[GenerateSerializer, Immutable, Alias("MetricVocabulary")]
public sealed record MetricVocabulary([property: Id(0)] Metric[] Metrics, [property: Id(1)] string[] Tables)
{
    /// <summary>The metrics that a sweep may rank by.</summary>
    [JsonIgnore] public IEnumerable<Metric> Rankable => Metrics.Where(m => m.MayRank);

    /// <summary>
    /// The objectives by which a training keeps its best weights, whoever asks for them: each goal on the validation split.
    /// </summary>
    [JsonIgnore]
    public IEnumerable<Objective> Kept =>
        Rankable.Where(m => m.Split == Split.Validation).Select(m => new Objective(m.Name, m.Goal!.Value, ReadAt.Best));

    /// <summary>The place of a metric in the order.</summary>
    /// <exception cref="InvalidOperationException">The program does not report it.</exception>
    public int IndexOf(string name)
    {
        for (int i = 0; i < Metrics.Length; i++)
            if (Metrics[i].Name == name) return i;
        throw new InvalidOperationException($"There is no metric {name}. There are {string.Join(", ", Metrics.Select(m => m.Name))}.");
    }

    /// <summary>The first metric a sweep may rank by whose value is NaN or infinite; null when all are finite.</summary>
    public Metric? NotFinite(MetricValues values)
    {
        for (int i = 0; i < Metrics.Length; i++)
            if (Metrics[i].MayRank && !double.IsFinite(values.Value(i))) return Metrics[i];
        return null;
    }

    /// <summary>Each metric's name with its value.</summary>
    public IEnumerable<KeyValuePair<string, double>> Named(MetricValues values) =>
        Metrics.Select((m, i) => KeyValuePair.Create(m.Name, values.Value(i)));
}
