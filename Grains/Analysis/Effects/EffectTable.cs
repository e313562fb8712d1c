using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Views;

namespace Grains.Analysis.Effects;

/// <summary>Turns trials into what a person asked of a setting: its effect with an interval, over pairs that differ in it alone.</summary>
public sealed class EffectTable
{
    /// <summary>The most replicates that a sweep may have.</summary>
    private const int MostReplicates = 1000;
    private const double WantedPower = 0.8;

    private readonly IReadOnlyList<EffectTrial> _trials;
    private readonly IReadOnlyList<Factor> _factors;
    private readonly EffectsAbout _about;
    private readonly string _metric;

    /// <param name="ranking">What the sweep ranks by, and all that its program reports.</param>
    /// <param name="metric">The metric of the trials' values, one that the program reports.</param>
    /// <param name="parameters">The file's parameters in its order; empty where the file cannot be read any more.</param>
    /// <param name="isSearch">Whether a search decides while the sweep runs.</param>
    /// <exception cref="SpecException">A condition is wrong.</exception>
    public EffectTable(SweepId sweep, SweepState state, Ranking ranking, string metric, IReadOnlyList<EffectTrial> trials,
        IReadOnlyList<Parameter> parameters, IReadOnlyList<string> where, bool isSearch = false)
    {
        _metric = metric;
        _trials = Selection.Of(trials, Factor.Of(trials, parameters), where);
        _factors = Factor.Of(_trials, parameters);
        var declared = ranking.Metrics.Metrics[ranking.Metrics.IndexOf(metric)];
        _about = new EffectsAbout(sweep.Value, state, ranking.Objective, declared.Form, declared.Unit, declared.Goal,
            trials.Select(t => t.Replicate).DefaultIfEmpty(0).Max(), 0, [.. where])
        { IsSearch = isSearch };
    }

    /// <summary>The name of the metric that a question is about.</summary>
    /// <exception cref="SpecException">The program does not report it.</exception>
    public static string MetricOf(Ranking ranking, string? asked)
    {
        if (asked is null) return ranking.Objective.Metric;
        string[] names = [.. ranking.Metrics.Metrics.Select(m => m.Name)];
        if (names.Contains(asked)) return asked;
        throw new SpecException($"--metric: '{asked}' is nothing that this sweep's program reports. " +
            (Nearest.To(asked, names) is { } near ? $"Did you mean `{near}`?" : $"There are: {string.Join(", ", names)}."));
    }

    /// <summary>The effects of one setting.</summary>
    /// <param name="baseline">The value that others are compared with; null for the first in the file's order that has pairs.</param>
    /// <exception cref="SpecException">There is no such setting or value, or no two trials differ in it alone.</exception>
    public ComparisonView Compare(string by, string? baseline)
    {
        var factor = Selection.Factor("--by", by, _factors);
        var chosen = baseline is null ? factor.FirstWithPairs() : Selection.Level("--baseline", factor, baseline);
        var effects = chosen is null ? null : EffectsOf(factor, chosen);
        if (chosen is null || effects!.Effects.Length == 0)
        {
            throw new SpecException($"{(baseline is null ? $"--by: {by}" : $"--baseline: {by}={baseline}")} has no pairs: " +
                $"no two trials differ in {by} alone ({factor.Levels.Length} values in {_trials.Count} trials). " +
                $"`sweep effects {_about.Sweep}` shows which settings have pairs; a grid gives every parameter pairs.");
        }
        var (corrected, comparisons) = Corrected([effects]);
        return new ComparisonView(by, _metric, chosen, corrected[0].Effects, corrected[0].LevelsWithoutPairs,
            _about with { Comparisons = comparisons });
    }

    /// <summary>The effects of all settings that have pairs and are not drawn from a range.</summary>
    public EffectsView Effects()
    {
        var found = new List<FactorEffects>();
        var unpaired = new List<UnpairedFactor>();
        foreach (var factor in _factors)
        {
            if (!factor.IsDrawn && factor.FirstWithPairs() is { } baseline) found.Add(EffectsOf(factor, baseline));
            else unpaired.Add(Unpaired(factor));
        }
        var (corrected, comparisons) = Corrected(found);
        return new EffectsView(_metric, corrected, [.. unpaired], _about with { Comparisons = comparisons });
    }

    private static FactorEffects EffectsOf(Factor factor, SettingValue baseline)
    {
        var others = factor.Levels.Where(l => !l.Equals(baseline)).Select(l => (Level: l, Pairs: factor.PairsOf(baseline, l))).ToList();
        LevelEffect[] effects = [.. others.Where(o => o.Pairs.Any).Select(o => o.Pairs.Effect(o.Level))];
        return new FactorEffects(factor.Name, baseline, effects, others.Count - effects.Length);
    }

    /// <summary>Corrects for all comparisons, and says how many replicates would settle what is open.</summary>
    private static (FactorEffects[] Factors, int Comparisons) Corrected(IReadOnlyList<FactorEffects> factors)
    {
        LevelEffect[] all = [.. factors.SelectMany(f => f.Effects)];
        int comparisons = all.Count(e => e.P is not null);
        var dependences = new Queue<double?>(Holm.Correct([.. all.SelectMany(e => e.DependsOn).Select(d => (double?)d.P)]));
        var corrected = new Queue<LevelEffect>(all.Zip(Holm.Correct([.. all.Select(e => e.P)]), (effect, p) =>
        {
            var depends = effect.DependsOn.Select(d => d with { PHolm = dependences.Dequeue()!.Value }).ToList();
            var told = effect with { PHolm = p, DependsOn = [.. depends.Where(d => d.PHolm <= ReplicateInterval.Level)] };
            return told with { ReplicatesNeeded = Needed(told, comparisons) };
        }));
        return ([.. factors.Select(f => f with { Effects = [.. f.Effects.Select(_ => corrected.Dequeue())] })], comparisons);
    }

    /// <summary>The level of the test is Bonferroni's share, which Holm's first step asks for.</summary>
    private static int? Needed(LevelEffect effect, int comparisons) =>
        effect is { P: not null, IsFound: false, Difference: { } difference, Deviation: { } deviation }
            && StudentT.CountFor(difference / deviation, WantedPower, ReplicateInterval.Level / comparisons, MostReplicates) is { } count
            ? Math.Max(count, effect.Replicates + 1) : null;

    private static UnpairedFactor Unpaired(Factor factor)
    {
        var means = factor.Trials.Values.SelectMany(t => t).Where(t => t.Standing == Standing.Counts)
            .GroupBy(t => string.Join('\n', t.Settings.Select(s => $"{s.Key}={s.Value}")))
            .Select(g => (Level: g.First().Settings[factor.Name], Mean: g.Average(t => t.Value))).ToList();
        var correlation = means.All(m => m.Level is NumberValue)
            ? RankCorrelation.Of([.. means.Select(m => (((NumberValue)m.Level).Number, m.Mean))]) : null;
        return new UnpairedFactor(factor.Name, factor.Levels.Length, means.Count, correlation?.Value, correlation?.Low, correlation?.High);
    }
}
