using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Grains.Interfaces.Model;
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
        SweepId id, string name, SweepState state, string? reason, Objective objective, IReadOnlyList<TrialFacts> trials)
    {
        var byNumber = trials.OrderBy(t => t.Number).ToImmutableArray();
        return new SweepResults
        {
            Sweep = new SweepHeading(id.Value, name, state, reason, ResultDigest.Of(objective, byNumber)?.Value, objective,
                trials.Sum(t => (long)t.Epochs), trials.Sum(t => (long)t.Measurements.Count(m => t.Trained.Contains(m.Epoch)))),
            Configurations = Configurations(byNumber, objective),
            Trials = [.. byNumber.Select(t => Trial(t, objective))],
        };
    }

    private static List<ConfigurationResult> Configurations(ImmutableArray<TrialFacts> trials, Objective objective)
    {
        var rows = trials.GroupBy(t => (t.ConfigurationKey(), t.Epochs))
            .Select(g => Configuration([.. g.OrderBy(t => t.Replicate)], objective));
        double worst = objective.Goal == Goal.Maximize ? double.NegativeInfinity : double.PositiveInfinity;
        var inOrder = objective.Goal == Goal.Maximize
            ? rows.OrderByDescending(r => r.Mean ?? worst)
            : rows.OrderBy(r => r.Mean ?? worst);
        return [.. inOrder.ThenBy(r => r.Trials[0])];
    }

    private static ConfigurationResult Configuration(ImmutableArray<TrialFacts> replicates, Objective objective)
    {
        var first = replicates.MinBy(t => t.Number)!;
        var counted = replicates
            .Where(t => t.State == TrialState.Completed)
            .Select(t => (Trial: t, Reading: objective.Reading(t.Measurements)))
            .Where(t => t.Reading is not null && double.IsFinite(objective.Value(t.Reading)))
            .ToArray();
        var values = counted.Select(t => objective.Value(t.Reading!)).ToArray();
        var tests = counted.Where(t => t.Reading!.Test.Total > 0).Select(t => t.Reading!.Test.Accuracy).ToArray();
        return new ConfigurationResult
        {
            Name = first.Name,
            Parameters = Parameters(first),
            Epochs = first.Epochs,
            Trials = [.. replicates.Select(t => t.Number).Order()],
            Completed = counted.Length,
            Mean = Mean(values),
            Deviation = Deviation(values),
            Best = values.Length == 0 ? null : objective.Goal == Goal.Maximize ? values.Max() : values.Min(),
            TestAccuracy = Mean(tests),
            TestDeviation = Deviation(tests),
            ParameterCount = first.ParameterCount,
            Seconds = Mean([.. counted.Select(t => t.Trial.Seconds)]),
        };
    }

    private static TrialResult Trial(TrialFacts trial, Objective objective)
    {
        var best = objective.Best(trial.Measurements);
        return new TrialResult
        {
            Number = trial.Number,
            Name = trial.Name,
            Parameters = Parameters(trial),
            Replicate = trial.Replicate,
            State = trial.State,
            Reason = trial.Reason ?? NotFinite(trial),
            Failure = trial.Failure,
            Epochs = trial.Epochs,
            BestEpoch = best is null || double.IsNaN(objective.Value(best)) ? null : best.Epoch,
            Objective = objective.Reading(trial.Measurements) is { } reading ? Finite(objective.Value(reading)) : null,
            Measurements = [.. trial.Measurements.Select(Epoch)],
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

    private static EpochResult Epoch(Measurement m) => new(
        m.Epoch, Finite(m.Train.Loss), m.Train.Accuracy, Finite(m.Validation.Loss), m.Validation.Accuracy,
        Finite(m.Test.Loss), m.Test.Accuracy, Finite(m.Penalty), m.Seconds);

    private static JsonObject Parameters(TrialFacts trial) => new(trial.Parameters.Select(p => KeyValuePair.Create(p.Key, Json(p.Value))));

    private static JsonNode? Json(SettingValue value) => value switch
    {
        NumberValue number => JsonValue.Create(number.Number),
        BooleanValue boolean => JsonValue.Create(boolean.Value),
        TextValue text => JsonValue.Create(text.Text),
        ListValue list => new JsonArray([.. list.Items.Select(i => (JsonNode)JsonValue.Create(i))]),
        _ => throw new InvalidOperationException($"No JSON for {value.GetType().Name}."),
    };

    /// <summary>The reason for a null for which the trial itself gives none.</summary>
    private static string? NotFinite(TrialFacts trial)
    {
        foreach (var m in trial.Measurements)
        {
            foreach (var (what, value) in new[] { ("training", m.Train.Loss), ("validation", m.Validation.Loss), ("test", m.Test.Loss) })
                if (!double.IsFinite(value)) return $"The {what} loss of epoch {m.Epoch} is {value}.";
            if (!double.IsFinite(m.Penalty)) return $"The L2 penalty of epoch {m.Epoch} is {m.Penalty}.";
        }
        return null;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static double? Mean(double[] values) => values.Length == 0 ? null : values.Average();

    /// <summary>The deviation of a sample: the squares of the differences from the mean, over n − 1.</summary>
    private static double? Deviation(double[] values)
    {
        if (values.Length < 2) return null;
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }
}
