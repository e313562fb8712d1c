using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Finds settings that a file gives and no point looks at, such as the momentum of a sweep without SGD.</summary>
internal static class IdleSettings
{
    private const string Rule = "acts in no point of this sweep, so that its values change nothing";
    private const string OneTrialRule = "does not act in this trial, so that it changes nothing";

    /// <summary>A warning for each, at its place in the file.</summary>
    public static ImmutableArray<SpecError> Find(SweepSpec spec, MapReader map, ImmutableArray<(NamedPoint Point, MapReader At)> trials)
    {
        var warnings = new Mistakes();
        var idle = spec.Parameters.Select(p => p.Name).Concat(spec.Shared.Keys).ToHashSet(StringComparer.Ordinal);
        var catalog = spec.Program.Settings;
        foreach (var own in SweepPlanner.Examples(spec))
        {
            if (idle.Count == 0) break;
            var settings = new PointSettings(catalog, spec.Shared, own);
            idle.RemoveWhere(settings.Acts);
        }
        foreach (string name in idle.Order(StringComparer.Ordinal))
        {
            // A shared setting that a parameter overrides is said once, where it varies.
            bool varied = spec.Parameters.Any(p => p.Name == name);
            string block = varied ? "parameters" : Words<SettingBlock>.Of(catalog.Find(name)!.Block);
            if (map.Child(block, name) is { } at) warnings.Add($"{block}.{name}", at, Rule, Remedy(catalog.Find(name)!));
        }
        foreach (var (point, at) in trials)
        {
            var settings = new PointSettings(catalog, spec.Shared, point.Settings);
            foreach (string name in point.Settings.Keys.Where(n => !settings.Acts(n)))
                if (at.Take(name) is { } node) warnings.Add(at.At(name), node, OneTrialRule, Remedy(catalog.Find(name)!));
        }
        return warnings.Ordered;
    }

    private static string Remedy(Setting setting) => setting.Name switch
    {
        _ when setting.ActsWith is { } condition => $"It acts with {condition}: set that, or remove it.",
        "initializer" => "It acts with `initial_checkpoint: auto`: set that, or remove it.",
        _ => "It acts in hidden layers: add some, or remove it.",
    };
}
