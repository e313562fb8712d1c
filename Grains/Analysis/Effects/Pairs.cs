using System.Collections.Immutable;
using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Views;

namespace Grains.Analysis.Effects;

/// <summary>
/// The pairs of two levels of one setting: trials of one replicate that are equal in everything else. A setting that acts at one of both
/// levels only cannot be equal, such as the momentum that one optimizer has. It is averaged over.
/// </summary>
public sealed class Pairs
{
    private readonly List<(ImmutableSortedDictionary<string, SettingValue> Settings, Pair[] Pairs)> _configurations = [];
    private readonly string[] _names;

    private Pairs(string[] names, ImmutableArray<string> averaged) => (_names, Averaged) = (names, averaged);

    /// <summary>The settings that act at one of both levels only.</summary>
    public ImmutableArray<string> Averaged { get; }

    /// <summary>Whether there is any pair, complete or not.</summary>
    public bool Any => _configurations.Count > 0;

    /// <param name="baseline">The trials at the level that is compared with.</param>
    /// <param name="level">The trials at the other level.</param>
    public static Pairs Of(string by, IReadOnlyList<EffectTrial> baseline, IReadOnlyList<EffectTrial> level)
    {
        HashSet<string> before = NamesOf(baseline), after = NamesOf(level);
        string[] common = [.. before.Intersect(after).Where(n => n != by).Order(StringComparer.Ordinal)];
        var pairs = new Pairs(common, [.. before.Except(after).Concat(after.Except(before)).Order(StringComparer.Ordinal)]);
        var partners = baseline.GroupBy(t => Key(t, common)).ToDictionary(g => g.Key, g => g.ToLookup(t => t.Replicate));
        foreach (var (key, group) in level.GroupBy(t => Key(t, common)).Select(g => (g.Key, g.ToLookup(t => t.Replicate))))
        {
            if (!partners.TryGetValue(key, out var others)) continue;
            Pair[] row = [.. group.Where(g => others.Contains(g.Key)).Select(g => Pair.Of(g.Key, [.. others[g.Key]], [.. g]))];
            if (row.Length == 0) continue;
            var settings = group.First().First().Settings;
            pairs._configurations.Add((settings.RemoveRange(settings.Keys.Except(common)), row));
        }
        return pairs;
    }

    /// <summary>The effect of the level, and all that it may depend on, without the correction for other comparisons.</summary>
    public LevelEffect Effect(SettingValue level)
    {
        int[] replicates = [.. All.Select(p => p.Replicate).Distinct().Order()];
        bool[][] present = [.. _configurations
            .Select(c => c.Pairs.Where(p => p.Counts).Select(p => p.Replicate).ToHashSet())
            .Select(there => replicates.Select(there.Contains).ToArray())];
        var (rows, columns) = BalancedBlock.Of(present);
        var chosen = columns.Select(c => replicates[c]).ToHashSet();
        Pair[][] used = [.. rows.Select(r => _configurations[r].Pairs.Where(p => chosen.Contains(p.Replicate)).OrderBy(p => p.Replicate)
            .ToArray())];
        var leftOut = LeftOut(used.Sum(row => row.Length));
        if (used.Length == 0) return new LevelEffect { Level = level, LeftOut = leftOut, Averaged = [.. Averaged] };

        var interval = ReplicateInterval.Of([.. Enumerable.Range(0, chosen.Count).Select(i => used.Average(row => row[i].Difference))]);
        var configurations = rows.Zip(used, (r, row) =>
            new Dependence.Row(_configurations[r].Settings, [.. row.Select(p => p.Difference)]));
        return new LevelEffect
        {
            Level = level,
            Difference = interval.Mean,
            Low = interval.Low,
            High = interval.High,
            Pairs = used.Sum(row => row.Length),
            Agree = interval.Mean == 0 ? 0 : used.Sum(row => row.Count(p => Math.Sign(p.Difference) == Math.Sign(interval.Mean))),
            P = interval.P,
            Replicates = chosen.Count,
            Configurations = used.Length,
            Deviation = interval.Deviation,
            LeftOut = leftOut,
            Averaged = [.. Averaged],
            DependsOn = [.. Dependence.Of(_names, [.. configurations])],
        };
    }

    private IEnumerable<Pair> All => _configurations.SelectMany(c => c.Pairs);

    private PairsLeftOut LeftOut(int used)
    {
        var counts = All.CountBy(p => p.Standing).ToDictionary();
        int Count(Standing standing) => counts.GetValueOrDefault(standing);
        return new PairsLeftOut(Count(Standing.Diverged), Count(Standing.Failed), Count(Standing.Stopped), Count(Standing.Unfinished),
            Count(Standing.WithoutNumber), Count(Standing.Counts) - used);
    }

    private static HashSet<string> NamesOf(IEnumerable<EffectTrial> trials) =>
        trials.SelectMany(t => t.Settings.Keys).ToHashSet(StringComparer.Ordinal);

    private static string Key(EffectTrial trial, string[] names)
    {
        var key = new StringBuilder();
        foreach (string name in names)
        {
            // A text may hold any character but this one.
            if (trial.Settings.TryGetValue(name, out var value)) key.Append(value);
            key.Append('\n');
        }
        return key.ToString();
    }

    /// <summary>One replicate of one configuration.</summary>
    private readonly record struct Pair(int Replicate, Standing Standing, double Difference)
    {
        public bool Counts => Standing == Standing.Counts;

        public static Pair Of(int replicate, EffectTrial[] baseline, EffectTrial[] level) =>
            new(replicate, baseline.Concat(level).Max(t => t.Standing), level.Average(t => t.Value) - baseline.Average(t => t.Value));
    }
}
