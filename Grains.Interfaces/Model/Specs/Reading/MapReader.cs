using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>
/// Reads the fields of one mapping. It says what is missing, stands twice, is unknown or breaks its domain. The caller only asks for what
/// it needs, and gets null where something is wrong or missing.
/// </summary>
internal sealed class MapReader
{
    private readonly Dictionary<string, (YamlScalar Key, YamlNode Value)> _entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly Mistakes _mistakes;

    private MapReader(YamlMap map, string path, Mistakes mistakes)
    {
        (Map, Path, _mistakes) = (map, path, mistakes);
        foreach (var (key, value) in map.Entries)
        {
            if (key is { Text: "<<", Quoted: false })
            {
                mistakes.Add(At(key.Text), key, "is a merge key, which YAML 1.2 does not have",
                    "Write the entries out; an anchor may stand for a single value.");
                continue;
            }
            if (_entries.TryAdd(key.Text, (key, value))) continue;
            mistakes.Add(At(key.Text), key, $"stands twice, first in line {_entries[key.Text].Key.Line}", "Keep one of them.");
        }
    }

    public YamlMap Map { get; }

    public string Path { get; }

    public IEnumerable<(YamlScalar Key, YamlNode Value)> Entries => _entries.Values.OrderBy(e => e.Key.Line).ThenBy(e => e.Key.Column);

    /// <summary>Opens a mapping. A node that is no mapping gives null and a mistake.</summary>
    public static MapReader? Open(YamlNode node, string path, Mistakes mistakes, string remedy)
    {
        if (node is YamlMap map) return new MapReader(map, path, mistakes);
        mistakes.Add(path.Length == 0 ? "(document)" : path, node, "is not a mapping of keys to values", remedy);
        return null;
    }

    public string At(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>The node under a key. From then on the key is known.</summary>
    public YamlNode? Take(string key)
    {
        _asked.Add(key);
        return _entries.TryGetValue(key, out var entry) ? entry.Value : null;
    }

    /// <summary>The node under a key of the mapping under another; null where either is missing.</summary>
    public YamlNode? Child(string outer, string key) => (Take(outer) as YamlMap)?.Entries.FirstOrDefault(e => e.Key.Text == key).Value;

    /// <summary>The field's value, or its default.</summary>
    public SettingValue? Read(Field field)
    {
        if (Take(field.Name) is { } node) return Checked(node, At(field.Name), field.Domain, _mistakes);
        if (field.Required) Missing(field.Name, $"Add `{field.Name}: …`, {field.Domain.Describe()}.");
        return field.Default;
    }

    public void Missing(string key, string remedy) => _mistakes.Add(At(key), Map, "(missing)", "is required", remedy);

    /// <summary>Reports every key that nobody asked for.</summary>
    /// <param name="elsewhere">The words about a key that is right in another place; may give null.</param>
    public void Finish(Func<string, string?>? elsewhere = null)
    {
        foreach (var (key, _) in Entries.Where(e => !_asked.Contains(e.Key.Text)))
        {
            string? remedy = elsewhere?.Invoke(key.Text)
                ?? (Nearest.To(key.Text, _asked) is { } near ? $"Did you mean `{near}`?" : $"Known here: {string.Join(", ", _asked)}.");
            _mistakes.Add(At(key.Text), key, "is not a known key here", remedy);
        }
    }

    /// <summary>The node as a value of the domain. A node that is none gives null and a mistake.</summary>
    public static SettingValue? Checked(YamlNode node, string path, Domain domain, Mistakes mistakes)
    {
        if (Raw(node, domain) is not { } value)
        {
            var wrong = domain.Check(new TextValue(node.Show())) ?? new Complaint("is not a single value", "Write a single value.");
            mistakes.Add(path, node, wrong.Rule, wrong.Remedy);
            return null;
        }
        if (node is YamlScalar { Quoted: false } written && Lost(written.Text, value, domain) is { } lost)
        {
            mistakes.Add(path, node, lost.Rule, lost.Remedy);
            return null;
        }
        if (domain.Check(value) is not { } complaint) return value;
        string remedy = node is YamlScalar { Quoted: true } s && domain.Check((s with { Quoted = false }).Value) is null
            ? "Write it without quotes."
            : complaint.Remedy;
        mistakes.Add(path, node, complaint.Rule, remedy);
        return null;
    }

    /// <summary>
    /// Reports what a number loses between the file and the value. A tiny one becomes 0, and a large whole one becomes another.
    /// </summary>
    private static Complaint? Lost(string text, SettingValue value, Domain domain)
    {
        if (value is not NumberValue { Number: var number }) return null;
        bool vanished = number == 0 && text.TakeWhile(c => c is not ('e' or 'E')).Any(c => c is >= '1' and <= '9');
        if (vanished) return new("becomes 0", "Use a larger number.");
        if (domain is not (IntegerDomain or ScalarDomain) || !double.IsFinite(number)) return null;
        bool read = BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole);
        bool altered = read && new BigInteger(number) != whole;
        return altered ? new($"becomes {new BigInteger(number)}", $"Use a whole number of at most {1L << 53}.") : null;
    }

    private static int Clamped(double whole) => (int)Math.Clamp(whole, int.MinValue, int.MaxValue);

    private static SettingValue? Raw(YamlNode node, Domain domain) => node switch
    {
        YamlScalar scalar => domain is TextDomain ? new TextValue(scalar.Text) : scalar.Value,
        // An entry that no int holds stays outside of every domain.
        YamlList list when list.Items.All(i => i is YamlScalar { Value: NumberValue n } && n.Number == Math.Floor(n.Number)) =>
            new ListValue([.. list.Items.Select(i => ((NumberValue)((YamlScalar)i).Value).Number).Select(Clamped)]),
        _ => null,
    };
}
