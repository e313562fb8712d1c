using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs;

/// <summary>A field that a sweep can vary: one row of the <see cref="SettingCatalog"/>.</summary>
public sealed record Setting(string Name, SettingBlock Block, Domain Domain, SettingValue? Default, string Doc)
    : Field(Name, Domain, Default, Doc)
{
    /// <summary>The setting that decides whether this one acts; null where it always does.</summary>
    public Condition? ActsWith { get; init; }

    /// <summary>Whether it acts in a point, where more than another setting decides; null where nothing more does.</summary>
    public Func<PointSettings, bool>? ActsWhen { get; init; }

    /// <summary>Whether a range (`min`, `max`) makes sense for it.</summary>
    public bool IsNumeric => Domain is NumberDomain or IntegerDomain or ScalarDomain;
}

/// <summary>
/// A condition that holds where <paramref name="Setting"/> acts and has one of <paramref name="Values"/>, written as in the file.
/// </summary>
public sealed record Condition(string Setting, ImmutableArray<string> Values)
{
    public override string ToString() => $"`{Setting}: {string.Join(" | ", Values)}`";
}
