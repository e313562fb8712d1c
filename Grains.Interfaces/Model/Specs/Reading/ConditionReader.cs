using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>Reads `when`: the value of another parameter or setting with which a parameter exists.</summary>
internal static class ConditionReader
{
    private const string Shape = "Write `when: {kind: cnn}`, or a list of values.";

    public static Condition? Read(MapReader body, Setting setting, SettingCatalog catalog, Mistakes mistakes)
    {
        if (body.Take("when") is not { } node) return null;
        string path = body.At("when");
        if (node is not YamlMap { Entries: [var (key, value)] })
        {
            mistakes.Add(path, node, "is not one `name: value`", Shape);
            return null;
        }
        if (key.Text == setting.Name)
        {
            mistakes.Add(path, key, "is the parameter itself", Shape);
            return null;
        }
        if (catalog.Find(key.Text) is not { } other)
        {
            mistakes.Add(path, key, "is no setting",
                Nearest.To(key.Text, catalog.Names) is { } near ? $"Did you mean `{near}`?" : $"Known: {string.Join(", ", catalog.Names)}.");
            return null;
        }
        var items = value is YamlList list ? list.Items : [value];
        var values = items.Select(i => MapReader.Checked(i, $"{path}.{other.Name}", other.Domain, mistakes)).ToImmutableArray();
        if (values.IsEmpty) mistakes.Add(path, value, "has no entries", Shape);
        return values.IsEmpty || values.Contains(null) ? null : new Condition(other.Name, [.. values.Select(v => v!.ToString())]);
    }

    /// <summary>Reports parameters that wait for each other.</summary>
    public static void CheckCircles(IReadOnlyCollection<Parameter> parameters, MapReader map, Mistakes mistakes)
    {
        var waitsFor = parameters.Where(p => p.When is not null).ToDictionary(p => p.Name, p => p.When!.Setting, StringComparer.Ordinal);
        foreach (string name in waitsFor.Keys)
        {
            string? at = name;
            for (int steps = 0; at is not null && steps <= waitsFor.Count; steps++)
            {
                at = waitsFor.GetValueOrDefault(at);
                if (at != name) continue;
                mistakes.Add(map.At(name), map.Take(name)!, $"waits for `{waitsFor[name]}`, which waits for it", "Leave one `when` out.");
                break;
            }
        }
    }
}
