using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Views;

namespace Grains.Analysis.Effects;

/// <summary>
/// Asks on which other settings an effect depends: whether it is another at one of their values than at the rest. The contrast is taken
/// within each replicate, and Student's t over replicates, as for the effect itself.
/// </summary>
public static class Dependence
{
    /// <summary>What is compared: the differences of one configuration, by replicate.</summary>
    public readonly record struct Row(ImmutableSortedDictionary<string, SettingValue> Settings, IReadOnlyList<double> Differences);

    /// <summary>Each setting that is crossed with all others, not yet corrected for the number of settings.</summary>
    /// <param name="names">The settings that configurations have besides the compared one.</param>
    /// <param name="rows">The configurations, with the same replicates each.</param>
    public static IEnumerable<EffectDependence> Of(IReadOnlyList<string> names, IReadOnlyList<Row> rows) =>
        rows.Count < 2 || rows[0].Differences.Count < 2 ? [] : names.Select(n => On(n, rows)).OfType<EffectDependence>();

    private static EffectDependence? On(string name, IReadOnlyList<Row> rows)
    {
        if (!rows.All(r => r.Settings.ContainsKey(name))) return null;
        var levels = rows.GroupBy(r => r.Settings[name]).Select(g => (Level: g.Key, Rows: g.ToList())).ToList();
        // Only where the rest is the same at each value can another effect be this setting's doing.
        if (levels.Count < 2 || levels.Select(l => string.Join('\n', l.Rows.Select(r => Rest(r, name)).Order(StringComparer.Ordinal)))
            .Distinct().Count() > 1) return null;
        // Of two values, one differs from the other as the other from the one.
        double?[] p = [.. levels.Take(levels.Count == 2 ? 1 : levels.Count).Select(l => ReplicateInterval.Of([.. Averages(l.Rows)
            .Zip(Averages([.. rows.Where(r => !r.Settings[name].Equals(l.Level))]), (one, others) => one - others)]).P)];
        if (p.Min() is not { } least) return null;
        return new EffectDependence(name, Math.Min(1, least * p.Length), 1, [.. levels.Select(l => At(l.Level, l.Rows))]);
    }

    private static EffectAt At(SettingValue level, List<Row> rows)
    {
        var interval = ReplicateInterval.Of([.. Averages(rows)]);
        return new EffectAt(level, interval.Mean, interval.Low, interval.High, rows.Sum(r => r.Differences.Count));
    }

    private static IEnumerable<double> Averages(List<Row> rows) =>
        Enumerable.Range(0, rows[0].Differences.Count).Select(i => rows.Average(r => r.Differences[i]));

    private static string Rest(Row row, string name) =>
        string.Join('\t', row.Settings.Where(s => s.Key != name).Select(s => $"{s.Key}={s.Value}"));
}
