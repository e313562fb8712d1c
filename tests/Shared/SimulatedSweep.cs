using System.Collections.Immutable;
using Grains.Analysis.Effects;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Randomness;

namespace Tests.Shared;

/// <summary>
/// Draws sweeps whose truth is known: a grid whose configurations are given and whose replicates are drawn. A value is the sum of its
/// levels' effects, what the configuration adds, what the replicate adds, what the replicate adds to each level, and noise.
/// </summary>
internal sealed record SimulatedSweep
{
    /// <summary>The factors, each with the true effect of every level. The first level is the baseline.</summary>
    public required (string Name, double[] Effects)[] Factors { get; init; }

    public required int Replicates { get; init; }

    /// <summary>The deviation of what a configuration adds beyond its levels. It is the same in every draw.</summary>
    public double Interaction { get; init; }

    /// <summary>The deviation of what a replicate adds to all of its trials.</summary>
    public double Replicate { get; init; } = 1;

    /// <summary>The deviation of what a replicate adds to all trials of one level.</summary>
    public double LevelByReplicate { get; init; } = 0.5;

    /// <summary>The deviation of what a replicate adds to a configuration alone.</summary>
    public double Noise { get; init; } = 0.7;

    /// <summary>The share of trials that fail, by chance.</summary>
    public double Failing { get; init; }

    /// <summary>The number of configurations that the last replicate has finished; null for all.</summary>
    public int? FinishedOfTheLast { get; init; }

    /// <summary>The configurations, each as the place of its level in every factor.</summary>
    private IEnumerable<int[]> Configurations => Factors.Aggregate<(string Name, double[] Effects), IEnumerable<int[]>>(
        [[]], (all, f) => all.SelectMany(c => f.Effects.Select((_, level) => (int[])[.. c, level])));

    /// <summary>The true deviation of the replicates' mean differences between two levels of a factor.</summary>
    public double DeviationOf(int factor)
    {
        double others = (double)Configurations.Count() / Factors[factor].Effects.Length;
        return Math.Sqrt(2 * LevelByReplicate * LevelByReplicate + 2 * Noise * Noise / others);
    }

    /// <summary>The true difference between a level of a factor and its first.</summary>
    public double Truth(int factor, int level) => Factors[factor].Effects[level] - Factors[factor].Effects[0]
        + Configurations.Where(c => c[factor] == level).Average(Added) - Configurations.Where(c => c[factor] == 0).Average(Added);

    public IReadOnlyList<EffectTrial> Draw(long seed)
    {
        var trials = new List<EffectTrial>();
        for (int replicate = 1; replicate <= Replicates; replicate++)
        {
            var stream = KeyedStream.Of(seed, replicate, "simulated");
            double shared = Replicate * stream.NextNormal();
            double[][] byLevel = [.. Factors.Select(f => f.Effects.Select(_ => LevelByReplicate * stream.NextNormal()).ToArray())];
            foreach (var (place, configuration) in Configurations.Index())
            {
                double value = shared + Added(configuration) + Noise * stream.NextNormal()
                    + Factors.Select((f, i) => f.Effects[configuration[i]] + byLevel[i][configuration[i]]).Sum();
                bool failed = stream.NextDouble() < Failing, late = replicate == Replicates && place >= (FinishedOfTheLast ?? int.MaxValue);
                trials.Add(EffectTrial.Of(trials.Count + 1,
                    Factors.Select((f, i) => KeyValuePair.Create(f.Name, (SettingValue)new NumberValue(configuration[i])))
                        .ToImmutableSortedDictionary(StringComparer.Ordinal),
                    epochs: 10, replicate, late ? TrialState.Running : failed ? TrialState.Failed : TrialState.Completed,
                    failed ? FailureClass.Diverged : null, value));
            }
        }
        return trials;
    }

    /// <summary>The table of one draw.</summary>
    public EffectTable Table(long seed) => new(new SweepId("simulated"), SweepState.Completed,
        new Ranking(new Objective("validation_loss", Goal.Minimize, ReadAt.Last), ClassifierResult.Metrics), "validation_loss",
        Draw(seed), [], []);

    private double Added(int[] configuration) =>
        Interaction == 0 ? 0 : Interaction * KeyedStream.Of(0, 0, "configuration", string.Join(' ', configuration)).NextNormal();
}
