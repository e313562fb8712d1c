using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs;

/// <summary>All settings of one point: its own over the sweep's shared ones over the catalog's defaults.</summary>
/// <param name="catalog">The settings of the sweep's program.</param>
/// <param name="shared">The settings that all points share.</param>
/// <param name="own">The settings that this point gives itself.</param>
public sealed class PointSettings(
    SettingCatalog catalog, ImmutableSortedDictionary<string, SettingValue> shared, ImmutableSortedDictionary<string, SettingValue> own)
{
    public SettingCatalog Catalog => catalog;

    public SettingValue this[string name] =>
        own.GetValueOrDefault(name) ?? shared.GetValueOrDefault(name) ?? catalog.Find(name)?.Default
        ?? throw new ArgumentException($"No setting is called {name}.", nameof(name));

    public double Number(string name) => ((NumberValue)this[name]).Number;

    public int Whole(string name) => (int)Number(name);

    /// <summary>The number of a setting; null where the setting's word stands instead.</summary>
    public int? WholeUnlessWord(string name) => this[name] is NumberValue { Number: var x } ? (int)x : null;

    public bool Flag(string name) => ((BooleanValue)this[name]).Value;

    public string Text(string name) => ((TextValue)this[name]).Text;

    public ImmutableArray<int> List(string name) => ((ListValue)this[name]).Items;

    /// <summary>
    /// Whether the setting is looked at, so that another value of it could give other numbers. A dropout of 0 is looked at, and the
    /// momentum of Adam is not.
    /// </summary>
    public bool Acts(string name)
    {
        var setting = catalog.Find(name);
        if (setting?.ActsWith is { } condition && !(condition.Values.Contains(this[condition.Setting].ToString()) && Acts(condition.Setting)))
            return false;
        return setting?.ActsWhen?.Invoke(this) != false;
    }

    /// <summary>Whether the point or the sweep gives it a value.</summary>
    public bool IsGiven(string name) => own.ContainsKey(name) || shared.ContainsKey(name);
}
