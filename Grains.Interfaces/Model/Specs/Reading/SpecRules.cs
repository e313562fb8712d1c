using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Checks what no single key can get wrong: rules between settings, and the size of the whole.</summary>
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

        CheckRungs(spec, map, trials, mistakes);
        if (spec.Program is CommandSpec command) CommandRules.Check(command, spec, map, trials, mistakes);
        if (spec.Program is ClassifierSpec) CheckClassifier(spec, map, trials, mistakes);
    }

    /// <summary>A scheduler compares trials after equal epochs, of which there must be more than at the first rung.</summary>
    private static void CheckRungs(SweepSpec spec, MapReader map, ImmutableArray<(NamedPoint Point, MapReader At)> trials, Mistakes mistakes)
    {
        if (spec.Search.Scheduler == SchedulerKind.Full) return;
        string scheduler = Words<SchedulerKind>.Of(spec.Search.Scheduler), remedy = "Give all trials one budget, or take `scheduler: full`.";
        string rule = $"varies, and {scheduler} compares trials of one budget";
        var varied = trials.Where(t => t.Point.Settings.ContainsKey("epochs")).Select(t => (t.At.At("epochs"), t.At.Take("epochs"))).ToList();
        if (spec.Parameters.Any(p => p.Name == "epochs")) varied.Add(("parameters.epochs", map.Child("parameters", "epochs")));
        foreach (var (path, node) in varied) mistakes.Add(path, node ?? map.Map, rule, remedy);
        int epochs = spec.Budget;
        if (varied.Count > 0 || spec.Search.MinEpochs < epochs) return;
        rule = $"below the budget of {epochs} epochs, so that {scheduler} could stop nothing";
        remedy = "Use fewer `min_epochs`, or more `epochs`.";
        if (map.Child("search", "min_epochs") is { } at) mistakes.Add("search.min_epochs", at, $"is not {rule}", remedy);
        else mistakes.Add("search", map.Take("search")!, $"has min_epochs: {spec.Search.MinEpochs}, which is not {rule}", remedy);
    }

    private static void CheckClassifier(SweepSpec spec, MapReader map, ImmutableArray<(NamedPoint Point, MapReader At)> trials, Mistakes mistakes)
    {
        var catalog = spec.Program.Settings;
        CheckPrecision(spec, map, trials, mistakes);
        foreach (var (point, at) in trials)
        {
            if (!ConfigurationFactory.IsBatchOfOneNormalized(
                new PointSettings(catalog, spec.Shared, point.Settings)))
                continue;
            var node = at.Take("batch_size") ?? at.Take("batch_norm");
            // Where neither stands in the trial, the shared settings are at fault.
            if (node is not null) BatchOfOne(at.At(at.Has("batch_size") ? "batch_size" : "batch_norm"), node);
            else BatchOfOne("training.batch_size", map.Child("training", "batch_size") ?? at.Map);
        }

        if (trials.IsEmpty || !spec.Parameters.IsEmpty)
        {
            var ones = Possible(spec, "batch_size").Where(v => v is NumberValue { Number: 1 });
            var norms = Possible(spec, "batch_norm").Where(v => v is BooleanValue { Value: true });
            if (!ones.Any() || !norms.Any()) return;
            var own = ImmutableSortedDictionary<string, SettingValue>.Empty.Add("batch_size", new NumberValue(1))
                .Add("batch_norm", new BooleanValue(true));
            bool always = spec.Parameters.Any(p => p.Name is "kind" or "hidden");
            if (!always && !ConfigurationFactory.IsBatchOfOneNormalized(new PointSettings(SettingCatalog.Classifier, spec.Shared, own))) return;
            bool varied = spec.Parameters.Any(p => p.Name == "batch_size");
            string block = varied ? "parameters" : "training";
            BatchOfOne($"{block}.batch_size", map.Child(block, "batch_size") ?? map.Map);
        }

        void BatchOfOne(string path, YamlNode at) =>
            mistakes.Add(path, at, "batch_size: 1", ConfigurationFactory.BatchOfOneRule, ConfigurationFactory.BatchOfOneRemedy);
    }

    /// <summary>Reports numbers that fp32 holds and bf16 does not, where some point is trained in bf16.</summary>
    private static void CheckPrecision(
        SweepSpec spec, MapReader map, ImmutableArray<(NamedPoint Point, MapReader At)> trials, Mistakes mistakes)
    {
        var narrow = new TextValue("bf16");
        bool IsNarrow(NamedPoint point) =>
            (point.Settings.GetValueOrDefault("precision") ?? spec.Shared.GetValueOrDefault("precision")) == narrow;
        foreach (var (point, at) in trials.Where(t => IsNarrow(t.Point)))
            foreach (var (name, value) in point.Settings) Check(at.At(name), name, value, at.Take(name) ?? at.Map);
        bool sampled = (trials.IsEmpty || !spec.Parameters.IsEmpty) && Possible(spec, "precision").Contains(narrow);
        if (!sampled && !trials.Any(t => IsNarrow(t.Point))) return;
        foreach (var (name, value) in spec.Shared)
        {
            string block = Words<SettingBlock>.Of(spec.Program.Settings.Find(name)!.Block);
            Check($"{block}.{name}", name, value, map.Child(block, name) ?? map.Map);
        }
        foreach (var parameter in spec.Parameters)
        {
            var node = map.Child("parameters", parameter.Name) as YamlMap;
            YamlNode At(string key) => node?.Entries.FirstOrDefault(e => e.Key.Text == key).Value ?? map.Map;
            string path = $"parameters.{parameter.Name}";
            if (parameter is RangeParameter range)
            {
                Check($"{path}.min", parameter.Name, new NumberValue(range.Min), At("min"));
                Check($"{path}.max", parameter.Name, new NumberValue(range.Max), At("max"));
            }
            else if (parameter is ValuesParameter { Values: var values } && At("values") is YamlList list)
            {
                for (int i = 0; i < values.Length; i++) Check($"{path}.values[{i}]", parameter.Name, values[i], list.Items[i]);
            }
        }

        void Check(string path, string name, SettingValue value, YamlNode at)
        {
            if (value is not NumberValue { Number: var number } || spec.Program.Settings.Find(name)!.Domain is not NumberDomain domain) return;
            if (domain.CheckIn(number, Precision.BFloat16) is { } wrong) mistakes.Add(path, at, value.ToString(), wrong.Rule, wrong.Remedy);
        }
    }

    /// <summary>The values that a sampled point can have for a setting. For a range these are only its ends.</summary>
    private static ImmutableArray<SettingValue> Possible(SweepSpec spec, string name) =>
        spec.Parameters.FirstOrDefault(p => p.Name == name) switch
        {
            ValuesParameter values => values.Values,
            RangeParameter range => [new NumberValue(range.Min), new NumberValue(range.Max)],
            _ => [spec.Shared.GetValueOrDefault(name) ?? spec.Program.Settings.Find(name)!.Default!],
        };
}
