using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>What no single key can get wrong: rules between settings, and the size of the whole.</summary>
internal static class SpecRules
{
    public static void Check(SweepSpec spec, MapReader map, ImmutableArray<(NamedPoint Point, MapReader At)> trials, Mistakes mistakes)
    {
        // The size would be counted wrongly where a parameter could not be read.
        if (mistakes.Count == 0 && SweepPlanner.TrialCount(spec) is var count && !(count <= SweepPlanner.MaxTrials))
        {
            string key = spec.Parameters.IsEmpty ? "trials" : "parameters";
            mistakes.Add(key, map.Take(key) ?? map.Map, $"{count:R} trials", SweepPlanner.TooManyRule, SweepPlanner.TooManyRemedy);
        }

        foreach (var (point, at) in trials)
        {
            if (!ConfigurationFactory.IsBatchOfOneNormalized(new PointSettings(spec.Shared, point.Settings, spec.InitialCheckpoint is not null))) continue;
            var node = at.Take("batch_size") ?? at.Take("batch_norm");
            // Where neither stands in the trial, the shared settings are at fault.
            if (node is not null) BatchOfOne(at.At(at.Has("batch_size") ? "batch_size" : "batch_norm"), node);
            else BatchOfOne("training.batch_size", SharedBatchSize(map) ?? at.Map);
        }

        if (trials.IsEmpty || !spec.Parameters.IsEmpty)
        {
            var ones = Possible(spec, "batch_size").Where(v => v is NumberValue { Number: 1 });
            var norms = Possible(spec, "batch_norm").Where(v => v is BooleanValue { Value: true });
            if (!ones.Any() || !norms.Any()) return;
            var own = ImmutableSortedDictionary<string, SettingValue>.Empty.Add("batch_size", new NumberValue(1)).Add("batch_norm", new BooleanValue(true));
            bool always = spec.Parameters.Any(p => p.Name is "kind" or "hidden");
            if (!always && !ConfigurationFactory.IsBatchOfOneNormalized(new PointSettings(spec.Shared, own, false))) return;
            bool varied = spec.Parameters.Any(p => p.Name == "batch_size");
            BatchOfOne(varied ? "parameters.batch_size" : "training.batch_size", (varied ? Varied(map) : SharedBatchSize(map)) ?? map.Map);
        }

        void BatchOfOne(string path, YamlNode at) => mistakes.Add(path, at, "batch_size: 1", ConfigurationFactory.BatchOfOneRule, ConfigurationFactory.BatchOfOneRemedy);
    }

    private static YamlNode? SharedBatchSize(MapReader map) => Child(map.Take("training"), "batch_size");

    private static YamlNode? Varied(MapReader map) => Child(map.Take("parameters"), "batch_size");

    private static YamlNode? Child(YamlNode? node, string key) => (node as YamlMap)?.Entries.FirstOrDefault(e => e.Key.Text == key).Value;

    /// <summary>The values that a sampled point can have for a setting; of a range only its ends.</summary>
    private static ImmutableArray<SettingValue> Possible(SweepSpec spec, string name) => spec.Parameters.FirstOrDefault(p => p.Name == name) switch
    {
        ValuesParameter values => values.Values,
        RangeParameter range => [new NumberValue(range.Min), new NumberValue(range.Max)],
        _ => [spec.Shared.GetValueOrDefault(name) ?? SettingCatalog.Find(name)!.Default!],
    };
}
