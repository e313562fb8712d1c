using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Grains.Analysis.Effects;

/// <summary>A setting that varies, with the trials at each of its levels.</summary>
/// <param name="Name">The setting; `epochs` for the budget.</param>
/// <param name="Levels">
/// The levels in the file's order. Values of a range come in ascending order, and what no list names comes in the order of its first trial.
/// </param>
/// <param name="IsDrawn">
/// Whether its values are drawn from a range, or as many as if they were. Comparing them one by one would say little.
/// </param>
public sealed record Factor(string Name, ImmutableArray<SettingValue> Levels, bool IsDrawn,
    IReadOnlyDictionary<SettingValue, List<EffectTrial>> Trials)
{
    private const int ManyNumbers = 20;

    /// <summary>A setting with more levels than this is paired with a baseline only if trials are found that differ in it alone.</summary>
    private const int Few = 32;

    /// <summary>The factors of the trials: first those of the file's parameters in its order, then others by name.</summary>
    public static ImmutableArray<Factor> Of(IReadOnlyList<EffectTrial> trials, IReadOnlyList<Parameter> parameters)
    {
        string[] names = [.. trials.SelectMany(t => t.Settings.Keys).Distinct()];
        var order = parameters.Select(p => p.Name).Index().ToDictionary(p => p.Item, p => p.Index);
        return [.. names.Order(StringComparer.Ordinal).OrderBy(n => order.GetValueOrDefault(n, int.MaxValue))
            .Select(n => Of(n, trials, parameters.FirstOrDefault(p => p.Name == n))).Where(f => f.Levels.Length > 1)];
    }

    private static Factor Of(string name, IReadOnlyList<EffectTrial> trials, Parameter? parameter)
    {
        var byLevel = new Dictionary<SettingValue, List<EffectTrial>>();
        var met = new List<SettingValue>();
        foreach (var trial in trials.OrderBy(t => t.Number))
        {
            if (!trial.Settings.TryGetValue(name, out var level)) continue;
            if (!byLevel.TryGetValue(level, out var there))
            {
                byLevel[level] = there = [];
                met.Add(level);
            }
            there.Add(trial);
        }
        IEnumerable<SettingValue> levels = parameter switch
        {
            ValuesParameter { Values: var listed } => listed.Where(byLevel.ContainsKey).Concat(met.Where(l => !listed.Contains(l))),
            RangeParameter => met.OrderBy(l => l is NumberValue { Number: var x } ? x : double.PositiveInfinity),
            _ => met,
        };
        bool drawn = parameter is RangeParameter { Step: null } || (met.Count > ManyNumbers && met.All(l => l is NumberValue));
        return new Factor(name, [.. levels], drawn, byLevel);
    }

    /// <summary>The pairs of a level and a baseline.</summary>
    public Pairs PairsOf(SettingValue baseline, SettingValue level) => Pairs.Of(Name, Trials[baseline], Trials[level]);

    /// <summary>The first level that has a pair with another; null where none has.</summary>
    public SettingValue? FirstWithPairs()
    {
        if (Levels.Length <= Few)
            return Levels.FirstOrDefault(b => Levels.Any(l => !l.Equals(b) && PairsOf(b, l).Any));
        // Among so many levels, trying each with each would take long.
        var paired = Trials.Values.SelectMany(t => t).GroupBy(t => (Rest(t), t.Replicate)).Where(g => g.Count() > 1)
            .SelectMany(g => g.Select(t => t.Settings[Name])).ToHashSet();
        return Levels.FirstOrDefault(paired.Contains);
    }

    private string Rest(EffectTrial trial) =>
        string.Join('\n', trial.Settings.Where(s => s.Key != Name).Select(s => $"{s.Key}={s.Value}"));
}
