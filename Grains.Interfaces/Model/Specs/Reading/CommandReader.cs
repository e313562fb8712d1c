using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Reads `program`: a program of the user's, and what it is given.</summary>
internal static partial class CommandReader
{
    private const string NameRemedy = "Use letters, digits and _, at most 60, not beginning with a digit.";

    private const int MostMetrics = 100;

    private static readonly ImmutableArray<string> Reserved = ["epoch", "checkpoint", "seconds"];

    /// <summary>
    /// Reads the program and the settings that all of its trials share. What is wrong with it is left out, so that the rest of the file is
    /// checked against what it does name.
    /// </summary>
    /// <param name="parameters">The file's `parameters`, whose keys name what the program is given.</param>
    /// <param name="trials">The file's `trials`, whose keys do so too.</param>
    public static (CommandSpec, ImmutableSortedDictionary<string, SettingValue>) Read(
        MapReader? map, MapReader? parameters, YamlNode? trials, Mistakes mistakes)
    {
        var shared = ImmutableSortedDictionary.Create<string, SettingValue>(StringComparer.Ordinal);
        var names = Names(parameters, trials, mistakes);
        var program = new CommandSpec { Run = [], Files = [], Metrics = [], Parameters = names, Timeout = null, Repeatable = false };
        if (map is null) return (program, shared);
        var run = Texts(map, "run", mistakes);
        if (!map.Has("run")) map.Missing("run", "Write `run: [python3, train.py, \"--lr={lr}\"]`.");
        var files = Texts(map, "files", mistakes);
        var metrics = Metrics(map, mistakes);
        var timeout = map.Read(Field("timeout"));
        var repeatable = map.Read(Field("repeatable"));
        var epochs = SettingCatalog.EpochsOfCommand;
        if (map.Take(epochs.Name) is not null && map.Read(epochs) is { } value) shared = shared.Add(epochs.Name, value);
        map.Finish(key => key is "metric" or "goal" or "at" ? "It belongs into `objective`." : null);
        return (program with
        {
            Run = run,
            Files = files,
            Metrics = metrics,
            Timeout = timeout is null ? null : DurationDomain.Read(timeout.ToString()),
            Repeatable = repeatable is BooleanValue { Value: true },
        }, shared);
    }

    /// <summary>Reads a program that replays recorded curves, as <see cref="Read"/> reads one that is run.</summary>
    public static (RecordedSpec, ImmutableSortedDictionary<string, SettingValue>) ReadRecorded(
        MapReader map, MapReader? parameters, YamlNode? trials, Mistakes mistakes)
    {
        var shared = ImmutableSortedDictionary.Create<string, SettingValue>(StringComparer.Ordinal);
        string? folder = map.Read(FileFields.Recorded[0])?.ToString(), task = map.Read(FileFields.Recorded[1])?.ToString();
        if (task is not null && task.AsSpan().ContainsAny("/\\"))
            mistakes.Add(map.At("task"), map.Take("task")!, "is no part of a file's name", "Write the TASK of curves-TASK.csv.");
        var program = new RecordedSpec
        {
            Folder = folder ?? "",
            Task = task ?? "",
            Metrics = Metrics(map, mistakes),
            Parameters = Names(parameters, trials, mistakes),
        };
        var epochs = SettingCatalog.EpochsOfCommand;
        if (map.Take(epochs.Name) is not null && map.Read(epochs) is { } value) shared = shared.Add(epochs.Name, value);
        map.Finish(key => FileFields.Program.Any(f => f.Name == key) ? "It belongs to a program that is run; `recorded` only replays." : null);
        return (program, shared);
    }

    /// <summary>What to say of a key of the built-in classifier.</summary>
    public static string? Elsewhere(string key) => key is "data" or "model" or "training" or "initial_checkpoint"
        ? "It belongs to the built-in classifier, which `program` replaces. Keep one of the two."
        : null;

    private static Field Field(string name) => FileFields.Program.Single(f => f.Name == name);

    private static ImmutableArray<string> Texts(MapReader map, string key, Mistakes mistakes)
    {
        if (map.Take(key) is not { } node) return [];
        var domain = (TextListDomain)Field(key).Domain;
        if (node is not YamlList list || list.Items.Length < domain.MinCount || list.Items.Length > domain.MaxCount)
        {
            mistakes.Add(map.At(key), node, node is YamlList ? $"does not have {domain.MinCount}..{domain.MaxCount} entries" : "is not a list",
                $"Write a {domain.Describe()}, such as [python3, train.py].");
            return [];
        }
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var (i, item) in list.Items.Index())
        {
            string path = $"{map.At(key)}[{i}]";
            if (item is not YamlScalar { Text: var text })
                mistakes.Add(path, item, "is not a single text", "Write it in quotes where it has braces or brackets.");
            else if (domain.Check(new TextValue(text)) is { } wrong) mistakes.Add(path, item, wrong.Rule, wrong.Remedy);
            else if (text.Length == 0 && (key == "files" || i == 0)) mistakes.Add(path, item, "is empty", "Write a name.");
            else texts.Add(text);
        }
        return texts.ToImmutable();
    }

    private static ImmutableArray<Metric> Metrics(MapReader map, Mistakes mistakes)
    {
        const string remedy = "Write `metrics: {validation_loss: minimize}`.";
        var metrics = ImmutableArray.CreateBuilder<Metric>();
        if (map.Take("metrics") is not { } node)
        {
            map.Missing("metrics", remedy);
            return [];
        }
        if (MapReader.Open(node, map.At("metrics"), mistakes, remedy) is not { } inner) return [];
        foreach (var (key, value) in inner.Entries)
        {
            inner.Take(key.Text);
            if (!Name().IsMatch(key.Text)) mistakes.Add(inner.At(key.Text), key, "is no name of a metric", NameRemedy);
            else if (Reserved.Contains(key.Text))
                mistakes.Add(inner.At(key.Text), key, "has a meaning of its own in a line of metrics", "Use another name.");
            else if (MapReader.Checked(value, inner.At(key.Text), Field("metrics").Domain, mistakes) is { } word)
                metrics.Add(new Metric(key.Text, Split.Validation, MetricForm.Number,
                    word.ToString() == GoalsDomain.Record ? null : Words<Goal>.Parse(word.ToString()), "1", "", Reported: true));
        }
        if (inner.Entries.Count() > MostMetrics)
            mistakes.Add(inner.Path, node, $"{inner.Entries.Count()} metrics", $"are more than {MostMetrics}", "Report what you will compare.");
        if (inner.Entries.All(e => e.Value is YamlScalar { Text: GoalsDomain.Record }))
        {
            mistakes.Add(inner.Path, node, "has no metric with a goal, so that no trial would be better than another",
                "Write `minimize` or `maximize` behind one.");
        }
        return metrics.ToImmutable();
    }

    /// <summary>The keys of `parameters` and of the trials, in the file's order.</summary>
    private static ImmutableArray<string> Names(MapReader? parameters, YamlNode? trials, Mistakes mistakes)
    {
        var ofTrials = trials is YamlList list ? list.Items.OfType<YamlMap>().SelectMany(t => t.Entries.Select(e => e.Key)) : [];
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var (key, path) in (parameters?.Entries ?? []).Select(e => (e.Key, $"parameters.{e.Key.Text}"))
            .Concat(ofTrials.Where(k => k.Text != "name").Select(k => (k, $"trials.{k.Text}"))))
        {
            if (key.Text == "epochs" || names.Contains(key.Text)) continue;
            names.Add(key.Text);
            if (!Name().IsMatch(key.Text)) mistakes.Add(path, key, "is no name of a parameter", NameRemedy);
            else if (key.Text == "name") mistakes.Add(path, key, "names a trial, and no parameter", "Use another name.");
        }
        return names.ToImmutable();
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,59}$")]
    private static partial Regex Name();
}
