using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grains.Analysis.Effects;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Results;
using Grains.Interfaces.Model.Specs;

namespace Grains.Analysis;

/// <summary>Turns trials into the table that a person asked for: one row per configuration and budget, taken over its replicates.</summary>
public static class ResultTable
{
    /// <param name="reason">The reason why the sweep could not start, or null.</param>
    /// <param name="trials">The trials, in any order.</param>
    /// <exception cref="InvalidOperationException">A trial's epochs are not whole: see <see cref="ResultDigest"/>.</exception>
    public static SweepResults Of(
        SweepId id, string name, SweepState state, string? reason, Ranking ranking, IReadOnlyList<TrialFacts> trials)
    {
        var byNumber = trials.OrderBy(t => t.Number).ToImmutableArray();
        return new SweepResults
        {
            Sweep = new SweepHeading(id.Value, name, state, reason, ResultDigest.Of(ranking, byNumber)?.Value, ranking.Objective,
                trials.Sum(t => (long)t.Granted), trials.Sum(t => (long)t.Measurements.Count(m => t.Trained.Contains(m.Epoch))))
            { Repeats = trials.All(t => t.Recipe.Repeats) },
            Metrics = ranking.Metrics.Metrics,
            Configurations = Configurations(byNumber, ranking),
            Trials = [.. byNumber.Select(t => Trial(t, ranking))],
        };
    }

    private static List<ConfigurationResult> Configurations(ImmutableArray<TrialFacts> trials, Ranking ranking)
    {
        // Where a search has stopped all of its trials, as patience may, those that it stopped speak.
        var counts = trials.Any(t => t.State == TrialState.Completed) ? TrialState.Completed : TrialState.Stopped;
        var rows = trials.GroupBy(t => (t.ConfigurationKey(), t.Epochs))
            .Select(g => Configuration([.. g.OrderBy(t => t.Replicate)], ranking, counts));
        bool highest = ranking.Objective.Goal == Goal.Maximize;
        double worst = highest ? double.NegativeInfinity : double.PositiveInfinity;
        var inOrder = highest
            ? rows.OrderByDescending(r => r.Mean ?? worst)
            : rows.OrderBy(r => r.Mean ?? worst);
        return [.. inOrder.ThenBy(r => r.Trials[0])];
    }

    private static ConfigurationResult Configuration(ImmutableArray<TrialFacts> replicates, Ranking ranking, TrialState counts)
    {
        var first = replicates.MinBy(t => t.Number)!;
        var counted = replicates
            .Where(t => t.State == counts)
            .Select(t => (Trial: t, Reading: ranking.Reading(t.Measurements)))
            .Where(t => t.Reading is not null && double.IsFinite(ranking.Value(t.Reading.Values)))
            .ToArray();
        var values = counted.Select(t => ranking.Value(t.Reading!.Values)).ToArray();
        var interval = values.Length == 0 ? null : ReplicateInterval.Of(values);
        return new ConfigurationResult
        {
            Name = first.Name,
            Parameters = Parameters(first),
            Epochs = first.Epochs,
            Trials = [.. replicates.Select(t => t.Number).Order()],
            Completed = counted.Length,
            Mean = Mean(values),
            Deviation = Deviation(values),
            Best = values.Length == 0 ? null : ranking.Objective.Goal == Goal.Maximize ? values.Max() : values.Min(),
            Median = Median(values),
            Low = interval?.Low,
            High = interval?.High,
            Reported = ranking.Metrics.Metrics.Index().Where(m => m.Item.Reported)
                .ToDictionary(m => m.Item.Name, m => Spread([.. counted.Select(t => t.Reading!.Values).Where(v => v.IsOfSomething(m.Index))
                    .Select(v => v.Value(m.Index)).Where(double.IsFinite)])),
            ParameterCount = first.ParameterCount,
            Seconds = Mean([.. counted.Select(t => t.Trial.Seconds)]),
        };
    }

    private static TrialResult Trial(TrialFacts trial, Ranking ranking)
    {
        var best = ranking.Best(trial.Measurements);
        return new TrialResult
        {
            Number = trial.Number,
            Name = trial.Name,
            Parameters = Parameters(trial),
            Replicate = trial.Replicate,
            State = trial.State,
            Reason = trial.Reason ?? NotFinite(trial, ranking.Metrics),
            Failure = trial.Failure,
            Epochs = trial.Epochs,
            BestEpoch = best is null || double.IsNaN(ranking.Value(best.Values)) ? null : best.Epoch,
            Objective = ranking.Reading(trial.Measurements) is { } reading ? Finite(ranking.Value(reading.Values)) : null,
            Measurements = [.. trial.Measurements.Select(m => Epoch(m, ranking.Metrics))],
            InitialCheckpoint = trial.Recipe.InitialCheckpoint.Value,
            FinalCheckpoint = trial.FinalCheckpoint?.Value,
            Recipe = trial.RecipeDigest.Value,
            Silo = trial.Silo,
            Attempt = trial.Attempt,
            Seconds = trial.Seconds,
            ParameterCount = trial.ParameterCount,
            Reused = trial.Reused(),
        };
    }

    private static EpochResult Epoch(Measurement m, MetricVocabulary metrics) =>
        new(m.Epoch, metrics.Named(m.Values).ToDictionary(v => v.Key, v => Finite(v.Value)), m.Seconds);

    private static JsonObject Parameters(TrialFacts trial) => JsonSerializer.SerializeToNode(trial.Parameters)!.AsObject();

    /// <summary>The reason for a null for which the trial itself gives none.</summary>
    private static string? NotFinite(TrialFacts trial, MetricVocabulary metrics)
    {
        foreach (var m in trial.Measurements)
            foreach (var (name, value) in metrics.Named(m.Values))
                if (!double.IsFinite(value)) return $"The {name} of epoch {m.Epoch} is {value.ToString(CultureInfo.InvariantCulture)}.";
        return null;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static Spread Spread(double[] values) => new(Mean(values), Deviation(values));

    private static double? Mean(double[] values) => values.Length == 0 ? null : values.Average();

    private static double? Median(double[] values)
    {
        if (values.Length == 0) return null;
        double[] ascending = [.. values.Order()];
        return (ascending[(values.Length - 1) / 2] + ascending[values.Length / 2]) / 2;
    }

    /// <summary>The deviation of a sample: the squares of the differences from the mean, over n − 1.</summary>
    private static double? Deviation(double[] values)
    {
        if (values.Length < 2) return null;
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }
}
