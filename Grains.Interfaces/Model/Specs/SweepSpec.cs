using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Specs;

/// <summary>A sweep file, read and checked. See docs/sweep-file.md for the format.</summary>
public sealed record SweepSpec
{
    public required string Name { get; init; }

    /// <summary>The root of every random number of the sweep. Default: 1.</summary>
    public required long Seed { get; init; }

    public required Objective Objective { get; init; }

    /// <summary>What the trials run.</summary>
    public required ProgramSpec Program { get; init; }

    /// <summary>The settings that all trials share: the file's `model` and `training` blocks, or a program's `epochs`.</summary>
    public required ImmutableSortedDictionary<string, SettingValue> Shared { get; init => field = Ordinal.Keys(value); }

    /// <summary>The parameters that vary, in the file's order.</summary>
    public required ImmutableArray<Parameter> Parameters { get; init; }

    /// <summary>The points that the file spells out, each with a name.</summary>
    public required ImmutableArray<NamedPoint> Trials { get; init; }

    /// <summary>How the points are chosen, and how far each is trained.</summary>
    public required SearchSpec Search { get; init; }

    /// <summary>The number of times each point is trained, each time under another seed. Default: 1.</summary>
    public required int Replicates { get; init; }

    /// <summary>The epochs that the trials have in common: those of a point that gives none itself.</summary>
    [JsonIgnore]
    public int Budget => new PointSettings(Program.Settings, Shared, ImmutableSortedDictionary<string, SettingValue>.Empty).Whole("epochs");

    /// <summary>Whether a trial may use what another has trained.</summary>
    [JsonIgnore] public bool Shares => Program.Repeats;

    /// <summary>The whole spec in canonical JSON, by which a submitted sweep keeps it. An unknown version is refused by its reader.</summary>
    public string Json() => Canonical.Json(new Kept(Kept.Present, this));

    /// <summary>Reads what <see cref="Json"/> wrote.</summary>
    /// <exception cref="SpecException">A later release wrote it.</exception>
    public static SweepSpec Read(string json)
    {
        // The version is read alone first, because the rest may have what this release does not know.
        var head = JsonNode.Parse(json)!;
        int version = head["version"]!.GetValue<int>();
        if (version > Kept.Present)
        {
            throw new SpecException($"The sweep's spec has version {version}, and this release reads versions up to {Kept.Present}. " +
                "Use the release that took the sweep.");
        }
        return Canonical.Read<Kept>(version == 1 ? OfVersion1(head) : json).Spec;
    }

    /// <summary>Version 1 knew a sampler alone: a grid, or a number of random points.</summary>
    private static string OfVersion1(JsonNode kept)
    {
        var sampler = kept["spec"]!["sampler"]!;
        kept["spec"]!["search"] = new JsonObject
        {
            ["sampler"] = sampler["kind"]!.GetValue<string>(),
            ["trials"] = sampler["points"]?.GetValue<int>() ?? SearchSpec.UsualTrials,
        };
        return kept.ToJsonString();
    }

    private sealed record Kept(int Version, SweepSpec Spec)
    {
        public const int Present = 2;
    }
}

/// <summary>Sorts keys by their bytes, whatever the culture of whoever read them.</summary>
internal static class Ordinal
{
    public static ImmutableSortedDictionary<string, SettingValue> Keys(ImmutableSortedDictionary<string, SettingValue> settings) =>
        settings.WithComparers(StringComparer.Ordinal);
}

/// <summary>A point that a file spells out.</summary>
public sealed record NamedPoint(string Name, ImmutableSortedDictionary<string, SettingValue> Settings)
{
    public ImmutableSortedDictionary<string, SettingValue> Settings { get; init; } = Ordinal.Keys(Settings);
}

/// <summary>One dimension of the space. A closed family.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ValuesParameter), "values")]
[JsonDerivedType(typeof(RangeParameter), "range")]
public abstract record Parameter(string Name)
{
    /// <summary>The condition under which the parameter exists in a point; null where it always does.</summary>
    public Condition? When { get; init; }
}

public sealed record ValuesParameter(string Name, ImmutableArray<SettingValue> Values) : Parameter(Name);

/// <param name="Log">Whether values are uniform in the logarithm.</param>
/// <param name="Step">The step: values are Min + k·Step. It is null for any value, and a grid needs it.</param>
public sealed record RangeParameter(string Name, double Min, double Max, bool Log, double? Step, bool Integer) : Parameter(Name);
