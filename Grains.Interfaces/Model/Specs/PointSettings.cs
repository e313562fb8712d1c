using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs;

/// <summary>All settings of one point: its own over the sweep's shared ones over the catalog's defaults.</summary>
/// <param name="shared">The settings of the file's `model` and `training`.</param>
/// <param name="own">The settings that this point gives itself.</param>
/// <param name="ownCheckpoint">Whether the weights come from a user's file.</param>
public sealed class PointSettings(
    ImmutableSortedDictionary<string, SettingValue> shared, ImmutableSortedDictionary<string, SettingValue> own, bool ownCheckpoint)
{
    public SettingValue this[string name] =>
        own.GetValueOrDefault(name) ?? shared.GetValueOrDefault(name) ?? SettingCatalog.Find(name)?.Default
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
        if (SettingCatalog.Find(name)?.ActsWith is { } condition)
            return condition.Values.Contains(this[condition.Setting].ToString()) && Acts(condition.Setting);
        return name switch
        {
            // A network without hidden layers has nothing to activate, normalize or drop.
            "activation" or "batch_norm" or "dropout" => Text("kind") != "dense" || !List("hidden").IsEmpty,
            "initializer" => !ownCheckpoint,
            _ => true,
        };
    }
}
