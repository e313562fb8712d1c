using System.Collections.Immutable;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Specs;

/// <summary>A sweep file, read and checked. See docs/sweep-file.md for the format.</summary>
public sealed record SweepSpec
{
    public required string Name { get; init; }

    /// <summary>The root of every random number of the sweep. Default: 1.</summary>
    public required long Seed { get; init; }

    public required Objective Objective { get; init; }

    public required DataSpec Data { get; init; }

    /// <summary>The settings that all trials share: the file's `model` and `training` blocks.</summary>
    public required ImmutableSortedDictionary<string, SettingValue> Shared { get; init; }

    /// <summary>The parameters that vary, in the file's order.</summary>
    public required ImmutableArray<Parameter> Parameters { get; init; }

    /// <summary>The points that the file spells out, each with a name.</summary>
    public required ImmutableArray<NamedPoint> Trials { get; init; }

    public required SamplerSpec Sampler { get; init; }

    /// <summary>The number of times each point is trained, each time under another seed. Default: 1.</summary>
    public required int Replicates { get; init; }

    /// <summary>
    /// The absolute path of the safetensors file that every trial starts from; null to draw one per replicate and architecture.
    /// </summary>
    public required string? InitialCheckpoint { get; init; }
}

/// <summary>A point that a file spells out.</summary>
public sealed record NamedPoint(string Name, ImmutableSortedDictionary<string, SettingValue> Settings);

/// <summary>One dimension of the space. A closed family.</summary>
public abstract record Parameter(string Name);

public sealed record ValuesParameter(string Name, ImmutableArray<SettingValue> Values) : Parameter(Name);

/// <param name="Log">Whether values are uniform in the logarithm.</param>
/// <param name="Step">The step: values are Min + k·Step. It is null for any value, and a grid needs it.</param>
public sealed record RangeParameter(string Name, double Min, double Max, bool Log, double? Step, bool Integer) : Parameter(Name);

/// <summary>The way in which points are chosen. It is a closed family.</summary>
public abstract record SamplerSpec;

/// <summary>Takes every combination, the last parameter fastest.</summary>
public sealed record GridSampler : SamplerSpec;

/// <summary>Draws each parameter on its own, from the sweep's seed.</summary>
public sealed record RandomSampler(int Points) : SamplerSpec;

/// <summary>A setting's value as a file gives it. It is a closed family, and equality is by value.</summary>
public abstract record SettingValue
{
    /// <summary>The value as a person writes it in YAML, and as tables show it.</summary>
    public abstract override string ToString();
}

public sealed record NumberValue(double Number) : SettingValue
{
    // The text is 1e-5 and not 1E-05.
    public override string ToString() => Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)
        .Replace("E-0", "e-").Replace("E+", "e").Replace('E', 'e');
}

public sealed record TextValue(string Text) : SettingValue
{
    public override string ToString() => Text;
}

public sealed record BooleanValue(bool Value) : SettingValue
{
    public override string ToString() => Value ? "true" : "false";
}

/// <summary>A list of whole numbers: widths, filters.</summary>
public sealed record ListValue(ImmutableArray<int> Items) : SettingValue
{
    public bool Equals(ListValue? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);

    public override string ToString() => $"[{string.Join(", ", Items)}]";
}
