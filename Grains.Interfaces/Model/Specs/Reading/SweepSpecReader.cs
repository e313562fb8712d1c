using System.Collections.Immutable;
using Grains.Interfaces.Model.Metrics;

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
        if (MapReader.Open(root, "", mistakes, "Start with `name:` and `data:` or `program:`.") is not { } map) return null;
        var name = map.Read(FileFields.Name);
        var seed = map.Read(FileFields.Seed);
        var replicates = map.Read(FileFields.Replicates);
        var parameterNode = Inner("parameters");
        var trialNode = map.Take("trials");
        var (program, shared) = map.Take("program") is null
            ? ReadClassifier(map, Inner, folder, mistakes)
            : ReadProgram(Inner("program"), parameterNode, trialNode, mistakes);
        var objective = ReadObjective(Inner("objective"), program?.Vocabulary() ?? ClassifierResult.Metrics,
            program is null ? FileFields.UsualObjective : program.UsualObjective(), mistakes);
        var search = SearchReader.Read(map, parameterNode is { Map.Entries.IsEmpty: false }, mistakes);
        var catalog = program?.Settings ?? SettingCatalog.Classifier;
        var parameters = parameterNode is null ? [] : ParameterReader.Read(parameterNode, catalog, search?.Sampler == SamplerKind.Grid, mistakes);
        var trials = TrialReader.Read(trialNode, catalog, mistakes);
        if (program is ShippedSpec) map.Finish(CommandReader.Elsewhere);
        else map.Finish(key => SettingCatalog.Classifier.Find(key) is { } s ? $"`{key}` belongs into `{Words<SettingBlock>.Of(s.Block)}`." : null);
        if (program is RecordedSpec recorded) program = recorded with { Axes = [.. parameters.Select(AxisOf).OfType<RecordedAxis>()] };
        if (name is null || seed is null || replicates is null || objective is null || program is null || search is null) return null;

        var spec = new SweepSpec
        {
            Name = name.ToString(),
            Seed = (long)((NumberValue)seed).Number,
            Objective = objective,
            Program = program,
            Shared = shared,
            Parameters = parameters,
            Trials = [.. trials.Select(t => t.Point)],
            Search = search,
            Replicates = (int)((NumberValue)replicates).Number,
        };
        SpecRules.Check(spec, map, trials, mistakes);
        if (mistakes.Count == 0) warnings = IdleSettings.Find(spec, map, trials);
        return spec;

        MapReader? Inner(string key) =>
            map.Take(key) is { } node
                ? MapReader.Open(node, key, mistakes, $"Indent the entries of `{key}` below it, as `key: value`.")
                : null;
    }

    private static (ProgramSpec?, ImmutableSortedDictionary<string, SettingValue>) ReadProgram(
        MapReader? map, MapReader? parameters, YamlNode? trials, Mistakes mistakes) =>
        map?.Has("recorded") == true
            ? CommandReader.ReadRecorded(map, parameters, trials, mistakes)
            : CommandReader.Read(map, parameters, trials, mistakes);

    /// <summary>The axis by which distances are measured along a parameter; null where it has no numbers.</summary>
    private static RecordedAxis? AxisOf(Parameter parameter) => parameter switch
    {
        RangeParameter range => new RecordedAxis(range.Name, range.Min, range.Max, range.Log),
        ValuesParameter { Values: var values } when values.OfType<NumberValue>().Select(v => v.Number).ToList() is { Count: > 0 } numbers =>
            new RecordedAxis(parameter.Name, numbers.Min(), numbers.Max(), false),
        _ => null,
    };

    private static (ProgramSpec?, ImmutableSortedDictionary<string, SettingValue>) ReadClassifier(
        MapReader map, Func<string, MapReader?> inner, string folder, Mistakes mistakes)
    {
        var checkpoint = map.Read(FileFields.InitialCheckpoint);
        var data = ReadData(map, folder, mistakes);
        var shared = ReadShared(inner("model"), SettingBlock.Model, mistakes)
            .AddRange(ReadShared(inner("training"), SettingBlock.Training, mistakes));
        if (checkpoint is null || data is null) return (null, shared);
        string? path = checkpoint.ToString() == "auto" ? null : Path.GetFullPath(checkpoint.ToString(), Path.GetFullPath(folder));
        return (new ClassifierSpec(data, path), shared);
    }

    private static Objective? ReadObjective(MapReader? map, MetricVocabulary metrics, string? usual, Mistakes mistakes)
    {
        // A program without a goal is a mistake that was told.
        if (usual is null) return null;
        if (map is null) return new Objective(usual, metrics.Rankable.First(m => m.Name == usual).Goal!.Value, ReadAt.Best);
        int before = mistakes.Count;
        var read = FileFields.ObjectiveOf(metrics, usual).ToDictionary(f => f.Name, map.Read);
        map.Finish();
        if (mistakes.Count > before) return null;
        var metric = metrics.Rankable.First(m => m.Name == read["metric"]!.ToString());
        var goal = read["goal"] is { } g ? Words<Goal>.Parse(g.ToString()) : metric.Goal!.Value;
        return new Objective(metric.Name, goal, Words<ReadAt>.Parse(read["at"]!.ToString()));
    }

    private static DataSpec? ReadData(MapReader map, string folder, Mistakes mistakes)
    {
        const string remedy = "Write `data: {source: xray-phantom}`, or another source; or `program:` for a program of your own.";
        if (map.Take("data") is { } node)
            return MapReader.Open(node, "data", mistakes, remedy) is { } data ? DataReader.Read(data, folder, mistakes) : null;
        map.Missing("data", remedy);
        return null;
    }

    private static ImmutableSortedDictionary<string, SettingValue> ReadShared(MapReader? map, SettingBlock block, Mistakes mistakes)
    {
        var settings = ImmutableSortedDictionary.CreateBuilder<string, SettingValue>(StringComparer.Ordinal);
        if (map is null) return settings.ToImmutable();
        foreach (var setting in SettingCatalog.Classifier.All.Where(s => s.Block == block))
            if (map.Take(setting.Name) is not null && map.Read(setting) is { } value) settings[setting.Name] = value;
        map.Finish(key => SettingCatalog.Classifier.Find(key) is { } s ? $"`{key}` belongs into `{Words<SettingBlock>.Of(s.Block)}`." : null);
        return settings.ToImmutable();
    }
}
