using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Reads `trials`: points that a file spells out, each with a name of its own.</summary>
internal static class TrialReader
{
    private static readonly Field Name = FileFields.Name with { Doc = "What tables call it." };

    public static ImmutableArray<(NamedPoint Point, MapReader At)> Read(YamlNode? node, SettingCatalog catalog, Mistakes mistakes)
    {
        if (node is null) return [];
        if (node is not YamlList list)
        {
            mistakes.Add("trials", node, "is not a list", "Write one `- {name: …, setting: value}` per trial.");
            return [];
        }

        var trials = ImmutableArray.CreateBuilder<(NamedPoint, MapReader)>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < list.Items.Length; i++)
        {
            if (MapReader.Open(list.Items[i], $"trials[{i}]", mistakes, "Write `- {name: …, setting: value}`.") is not { } map) continue;
            var name = map.Read(Name);
            var settings = ImmutableSortedDictionary.CreateBuilder<string, SettingValue>(StringComparer.Ordinal);
            foreach (var setting in catalog.All)
                if (map.Take(setting.Name) is not null && map.Read(setting) is { } value) settings[setting.Name] = value;
            map.Finish();
            if (name is null) continue;
            var at = map.Take("name")!;
            if (!lines.TryAdd(name.ToString(), at.Line))
                mistakes.Add(map.At("name"), at, $"is already the name of the trial in line {lines[name.ToString()]}",
                    "Give each trial a name of its own.");
            trials.Add((new NamedPoint(name.ToString(), settings.ToImmutable()), map));
        }
        return trials.ToImmutable();
    }
}
