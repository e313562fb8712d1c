using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>A setting's value as a file gives it. It is a closed family, and equality is by value.</summary>
[GenerateSerializer, Immutable, Alias("SettingValue"), JsonConverter(typeof(SettingValueJson))]
public abstract record SettingValue
{
    /// <summary>The value as a person writes it in YAML, and as tables show it.</summary>
    public abstract override string ToString();
}

[GenerateSerializer, Immutable, Alias("NumberValue")]
public sealed record NumberValue([property: Id(0)] double Number) : SettingValue
{
    /// <summary>The number where it is a whole one that a double holds exactly.</summary>
    public long? Whole => Number == Math.Floor(Number) && Math.Abs(Number) <= 1L << 53 ? (long)Number : null;

    // The text is 1e-5 and not 1E-05.
    public override string ToString() => Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)
        .Replace("E-0", "e-").Replace("E+", "e").Replace('E', 'e');
}

[GenerateSerializer, Immutable, Alias("TextValue")]
public sealed record TextValue([property: Id(0)] string Text) : SettingValue
{
    public override string ToString() => Text;
}

[GenerateSerializer, Immutable, Alias("BooleanValue")]
public sealed record BooleanValue([property: Id(0)] bool Value) : SettingValue
{
    public override string ToString() => Value ? "true" : "false";
}

/// <summary>A list of whole numbers: widths, filters.</summary>
[GenerateSerializer, Immutable, Alias("ListValue")]
public sealed record ListValue([property: Id(0)] ImmutableArray<int> Items) : SettingValue
{
    public bool Equals(ListValue? other) => other is not null && Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    public override int GetHashCode() => Items.Aggregate(17, HashCode.Combine);

    public override string ToString() => $"[{string.Join(", ", Items)}]";
}
