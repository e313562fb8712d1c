using System.Collections.Immutable;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs.Reading;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Reads a sweep file. It reports every mistake, not only the first, and touches no file but the text it is given.</summary>
public static class SweepSpecReader
{
    /// <param name="text">The file's content.</param>
    /// <param name="fileName">The name of the file, for messages.</param>
    /// <param name="folder">The folder of the file, from which its relative paths start.</param>
    public static SpecReading Read(string text, string fileName, string folder)
    {
        var mistakes = new Mistakes();
        ImmutableArray<SpecError> warnings = [];
        var spec = YamlTree.Read(text, mistakes) is { } root ? Read(root, folder, mistakes, out warnings) : null;
        // A spec with a mistake is no spec: half-read, it would run something that nobody asked for.
        return new SpecReading(mistakes.Count == 0 ? spec : null, mistakes.Ordered) { Warnings = warnings };
    }

    /// <summary>Reads a file that was read before, when it was submitted. An earlier version with other rules may have read it.</summary>
    /// <exception cref="SpecException">The file has mistakes by the rules of this version.</exception>
    public static SweepSpec ReadAgain(string text, string fileName, string folder)
    {
        var reading = Read(text, fileName, folder);
        return reading.Spec ?? throw new SpecException(string.Join('\n', reading.Errors.Select(e => e.Describe(fileName))));
    }

    private static SweepSpec? Read(YamlNode root, string folder, Mistakes mistakes, out ImmutableArray<SpecError> warnings)
    {
        warnings = [];
        if (MapReader.Open(root, "", mistakes, "Start with `name:` and `data:`.") is not { } map) return null;
        var name = map.Read(FileFields.Name);
        var seed = map.Read(FileFields.Seed);
        var replicates = map.Read(FileFields.Replicates);
        var checkpoint = map.Read(FileFields.InitialCheckpoint);
        var objective = ReadObjective(Inner("objective"), mistakes);
        var data = ReadData(map, folder, mistakes);
        var shared = ReadShared(Inner("model"), SettingBlock.Model, mistakes)
            .AddRange(ReadShared(Inner("training"), SettingBlock.Training, mistakes));
        var parameterNode = Inner("parameters");
        var sampler = ReadSampler(map, parameterNode is { Map.Entries.IsEmpty: false }, mistakes);
        var parameters = parameterNode is null ? [] : ParameterReader.Read(parameterNode, sampler is GridSampler, mistakes);
        var trials = TrialReader.Read(map.Take("trials"), mistakes);
        map.Finish(key => SettingCatalog.Find(key) is { } s ? $"`{key}` belongs into `{Words<SettingBlock>.Of(s.Block)}`." : null);
        if (name is null || seed is null || replicates is null || checkpoint is null || objective is null || data is null
            || sampler is null)
            return null;

        var spec = new SweepSpec
        {
            Name = name.ToString(),
            Seed = (long)((NumberValue)seed).Number,
            Objective = objective,
            Data = data,
            Shared = shared,
            Parameters = parameters,
            Trials = [.. trials.Select(t => t.Point)],
            Sampler = sampler,
            Replicates = (int)((NumberValue)replicates).Number,
            InitialCheckpoint = checkpoint.ToString() == "auto" ? null : Path.GetFullPath(checkpoint.ToString(), Path.GetFullPath(folder)),
        };
        SpecRules.Check(spec, map, trials, mistakes);
        if (mistakes.Count == 0) warnings = IdleSettings.Find(spec, map, trials);
        return spec;

        MapReader? Inner(string key) =>
            map.Take(key) is { } node
                ? MapReader.Open(node, key, mistakes, $"Indent the entries of `{key}` below it, as `key: value`.")
                : null;
    }

    private static Objective? ReadObjective(MapReader? map, Mistakes mistakes)
    {
        if (map is null) return new Objective("validation_accuracy", Goal.Maximize, ReadAt.Best);
        int before = mistakes.Count;
        var read = FileFields.Objective.ToDictionary(f => f.Name, map.Read);
        map.Finish();
        if (mistakes.Count > before) return null;
        var metric = ClassifierResult.Metrics.Rankable.First(m => m.Name == read["metric"]!.ToString());
        var goal = read["goal"] is { } g ? Words<Goal>.Parse(g.ToString()) : metric.Goal!.Value;
        return new Objective(metric.Name, goal, Words<ReadAt>.Parse(read["at"]!.ToString()));
    }

    private static DataSpec? ReadData(MapReader map, string folder, Mistakes mistakes)
    {
        const string remedy = "Write `data: {source: xray-phantom}`, or another source.";
        if (map.Take("data") is { } node)
            return MapReader.Open(node, "data", mistakes, remedy) is { } data ? DataReader.Read(data, folder, mistakes) : null;
        map.Missing("data", remedy);
        return null;
    }

    private static ImmutableSortedDictionary<string, SettingValue> ReadShared(MapReader? map, SettingBlock block, Mistakes mistakes)
    {
        var settings = ImmutableSortedDictionary.CreateBuilder<string, SettingValue>(StringComparer.Ordinal);
        if (map is null) return settings.ToImmutable();
        foreach (var setting in SettingCatalog.All.Where(s => s.Block == block))
            if (map.Take(setting.Name) is not null && map.Read(setting) is { } value) settings[setting.Name] = value;
        map.Finish(key => SettingCatalog.Find(key) is { } s ? $"`{key}` belongs into `{Words<SettingBlock>.Of(s.Block)}`." : null);
        return settings.ToImmutable();
    }

    private static SamplerSpec? ReadSampler(MapReader map, bool hasParameters, Mistakes mistakes)
    {
        var node = map.Take("sampler");
        if (node is null) return new GridSampler();
        // `sampler: grid` is short for {kind: grid}.
        var mapping = node is YamlScalar s ? new YamlMap([(new YamlScalar("kind", false, s.Line, s.Column), s)], s.Line, s.Column) : node;
        if (MapReader.Open(mapping, "sampler", mistakes, "Write `sampler: grid`, or {kind: random, points: 20}.") is not { } body)
            return null;
        int before = mistakes.Count;
        var kind = body.Read(FileFields.Sampler[0]);
        var points = body.Read(FileFields.Sampler[1]);
        body.Finish();
        if (mistakes.Count > before) return null;
        if (kind!.ToString() == "grid")
        {
            if (points is null) return new GridSampler();
            mistakes.Add("sampler.points", body.Take("points")!, "means nothing to a grid, which takes every combination",
                "Remove it, or use `kind: random`.");
            return null;
        }
        if (points is null)
            mistakes.Add("sampler.points", body.Map, "(missing)", "is required by `kind: random`", "Write {kind: random, points: 20}.");
        if (!hasParameters)
            mistakes.Add("sampler", node, "random", "has no `parameters` to draw", "Add `parameters`, or remove the sampler.");
        return mistakes.Count == before ? new RandomSampler((int)((NumberValue)points!).Number) : null;
    }
}
