namespace Grains.Interfaces.Model.Metrics;

/// <summary>An objective, and where its metric stands among those of the program.</summary>
public sealed class Ranking(Objective objective, MetricVocabulary metrics)
{
    private readonly int _index = metrics.IndexOf(objective.Metric);

    public Objective Objective => objective;

    public MetricVocabulary Metrics => metrics;

    /// <summary>The objective's value at one epoch.</summary>
    public double Value(MetricValues values) => values.Value(_index);

    /// <summary>The best measurement by the objective, the first on a tie. It is null without any.</summary>
    public Measurement? Best(IEnumerable<Measurement> measurements)
    {
        var best = new BestSoFar(this);
        Measurement? found = null;
        foreach (var m in measurements)
            if (best.Take(m.Epoch, m.Values)) found = m;
        return found;
    }

    /// <summary>
    /// The measurement that speaks for a trial: the best by the objective (the first on a tie), or the last. It is null without any.
    /// </summary>
    public Measurement? Reading(IReadOnlyList<Measurement> measurements) =>
        objective.At == ReadAt.Best ? Best(measurements) : measurements.Count == 0 ? null : measurements[^1];
}

/// <summary>
/// The one fold that says which epoch is the best so far. Tables, watches, kept weights and the digest all use it. It is not safe for two
/// threads.
/// </summary>
public sealed class BestSoFar(Ranking ranking)
{
    private double _best, _last;

    /// <summary>The best epoch; null before the first.</summary>
    public int? Epoch { get; private set; }

    /// <summary>The objective so far, of the best epoch or of the last as the sweep says; null before the first.</summary>
    public double? Reading => Epoch is null ? null : ranking.Objective.At == ReadAt.Best ? _best : _last;

    /// <summary>Takes the next epoch, and returns whether it is the best so far. On a tie, the earlier one stays.</summary>
    public bool Take(int epoch, MetricValues values)
    {
        _last = ranking.Value(values);
        if (Epoch is not null && !ranking.Objective.Better(_last, _best)) return false;
        (Epoch, _best) = (epoch, _last);
        return true;
    }
}
