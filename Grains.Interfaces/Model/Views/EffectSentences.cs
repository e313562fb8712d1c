using System.Globalization;

namespace Grains.Interfaces.Model.Views;

/// <summary>Says in plain sentences what effects mean, and how sure one can be. Command line and pages show the same ones.</summary>
public static class EffectSentences
{
    /// <summary>The sentences about one level: what it does, and on what that depends.</summary>
    public static string Of(string metric, FactorEffects factor, LevelEffect effect, EffectsAbout about, EffectNumbers numbers) =>
        string.Join(' ', effect.DependsOn.Select(d => Depends(d, numbers)).Prepend(Alone(metric, factor, effect, about, numbers)));

    private static string Depends(EffectDependence dependence, EffectNumbers numbers) => $"This depends on {dependence.On}: " +
        $"{string.Join(", ", dependence.At.Select(a => $"{numbers.Signed(a.Difference)}{Interval(a, numbers)} at {a.Level}"))}.";

    private static string Interval(EffectAt at, EffectNumbers numbers) =>
        at is { Low: { } low, High: { } high } ? $" {numbers.Interval(low, high)}" : "";

    private static string Alone(string metric, FactorEffects factor, LevelEffect effect, EffectsAbout about, EffectNumbers numbers)
    {
        string level = $"{factor.By}={effect.Level}", words = metric.Replace('_', ' '), against = $"against {factor.Baseline}";
        if (effect.Difference is not { } difference)
            return $"{level}: no pair with {factor.Baseline} is complete ({string.Join(", ", Reasons(effect.LeftOut))}).";
        string size = numbers.WithUnit(numbers.Size(difference)), verb = difference < 0 ? "lowers" : "raises", pairs = Pairs(effect);
        if (effect is not { Low: { } low, High: { } high, P: { } p, PHolm: { } holm })
        {
            string seen = difference == 0 ? $"makes no difference in {words}" : $"{verb} {words} by {size}";
            return effect.Replicates < 2
                ? $"{level} {seen} {against} ({pairs}). One replicate cannot tell this from chance."
                : $"{level} {seen} {against}, by exactly the same in each of {effect.Replicates} replicates ({pairs}), " +
                    "so that there is nothing to take an interval from.";
        }
        string interval = numbers.Interval(low, high);
        if (effect.IsFound) return $"{level} {verb} {words} by {size} {interval} {against} ({pairs}).";
        if (p <= 0.05)
        {
            return $"{level} may change {words}: {numbers.Signed(difference)} {interval} {against} ({pairs}). " +
                $"But of {about.Comparisons} comparisons one looks so by chance too easily (Holm's p {P(holm)}).";
        }
        string most = numbers.WithUnit(numbers.Size(Math.Max(Math.Abs(low), Math.Abs(high))));
        return $"{level}: no difference of {words} larger than ±{most} was found {against} " +
            $"(seen: {numbers.Signed(difference)} {interval}; {pairs}).";
    }

    /// <summary>What to do where something is open: commands to paste, and what they would bring. Empty where nothing is.</summary>
    public static IReadOnlyList<string> Remedies(IReadOnlyList<FactorEffects> factors, EffectsAbout about, EffectNumbers numbers)
    {
        var open = factors.SelectMany(f => f.Effects.Select(e => (Name: $"{f.By}={e.Level}", Effect: e)))
            .Where(e => e.Effect.ReplicatesNeeded is not null).OrderBy(e => e.Effect.ReplicatesNeeded).ToList();
        var lines = new List<string>();
        if (open.Count > 0)
        {
            var (name, effect) = open[0];
            int most = open[^1].Effect.ReplicatesNeeded!.Value;
            lines.Add($"{More(about, effect.ReplicatesNeeded!.Value)} would find a difference as large as " +
                $"that of {name} ({numbers.Signed(effect.Difference!.Value)}) with a probability of 80 %" +
                (open.Count == 1 ? "." : $"; for all {open.Count} it takes {most.ToString("N0", CultureInfo.InvariantCulture)}."));
        }
        if (factors.SelectMany(f => f.Effects).Any(e => e.Replicates == 1))
        {
            lines.Add(about.Replicates < 2
                ? $"{More(about, 3)} gives every difference an interval: the sweep has one replicate."
                : "Where only one replicate has complete pairs, there is no interval.");
        }
        return lines;
    }

    /// <summary>How a sweep gets more replicates. One that searches has decided by those that it has.</summary>
    private static string More(EffectsAbout about, int replicates) => about.IsSearch
        ? $"Its file, submitted again with `replicates: {replicates}`,"
        : $"`sweep extend {about.Sweep} --replicates {replicates}`";

    /// <summary>How many pairs do not count, and why: "2 diverged", "1 not finished".</summary>
    public static IEnumerable<string> Reasons(PairsLeftOut pairs) => new (int Count, string Why)[]
    {
        (pairs.Diverged, "diverged"), (pairs.Failed, "failed"), (pairs.Stopped, "stopped"), (pairs.Unfinished, "not finished"),
        (pairs.WithoutNumber, "without a finite number"), (pairs.Unbalanced, "whose configuration or replicate lacks others"),
    }.Where(r => r.Count > 0).Select(r => $"{r.Count} {r.Why}");

    /// <summary>A p value as tables show it.</summary>
    public static string P(double p) => p < 0.001 ? "< 0.001" : p.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Pairs(LevelEffect effect)
    {
        string count = effect.Pairs == 1 ? "1 pair"
            : $"{effect.Pairs} pairs over {effect.Replicates} replicate{(effect.Replicates == 1 ? "" : "s")}";
        string averaged = effect.Averaged.Length == 0 ? "" : $", over all of {string.Join(", ", effect.Averaged)}";
        if (effect.Difference == 0 || effect.Pairs == 1) return count + averaged;
        return $"{count}, {(effect.Agree == effect.Pairs ? "all" : $"{effect.Agree}")} in this direction{averaged}";
    }
}
