using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Grains.Interfaces.Model.Specs;

/// <summary>
/// The values that a field takes, as a closed family. A domain knows all that is said of it anywhere: the check, the words of the mistake,
/// the JSON Schema and the reference. So these cannot disagree.
/// </summary>
public abstract record Domain
{
    /// <summary>The domain in words for the reference: "number, 0..1 without 1".</summary>
    public abstract string Describe();

    /// <summary>The domain as a JSON Schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>The mistake in a value, or null.</summary>
    internal abstract Complaint? Check(SettingValue value);
}

/// <summary>The rule that a value breaks, as the end of a sentence about it, and the remedy.</summary>
internal sealed record Complaint(string Rule, string Remedy);

/// <summary>A finite number between two bounds, each in the domain unless it is said to be open.</summary>
public sealed record NumberDomain(double Min = double.NegativeInfinity, double Max = double.PositiveInfinity, bool OpenMin = false,
    bool OpenMax = false) : Domain
{
    /// <summary>
    /// Whether a training computes with the number in float32. Its float32 value must then lie in the domain too, and be 0 only when the
    /// number is 0.
    /// </summary>
    public bool Computed { get; init; }

    private string Bounds => double.IsPositiveInfinity(Max)
        ? double.IsNegativeInfinity(Min) ? "finite" : OpenMin ? $"above {Text(Min)}" : $"at least {Text(Min)}"
        : $"{Text(Min)}..{Text(Max)}{(OpenMin ? $" without {Text(Min)}" : "")}{(OpenMax ? $" without {Text(Max)}" : "")}";

    public override string Describe() => $"number, {Bounds}";

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "number" };
        if (!double.IsNegativeInfinity(Min)) schema[OpenMin ? "exclusiveMinimum" : "minimum"] = Min;
        if (!double.IsPositiveInfinity(Max)) schema[OpenMax ? "exclusiveMaximum" : "maximum"] = Max;
        return schema;
    }

    internal override Complaint? Check(SettingValue value)
    {
        if (value is not NumberValue { Number: var x }) return new("is not a number", $"Use a number, {Bounds}.");
        if (Contains(x)) return Computed ? Narrowed(x, (float)x, "fp32") : null;
        return new(double.IsPositiveInfinity(Max) ? $"is not {Bounds}" : $"is outside {Bounds}", $"Use a number, {Bounds}.");
    }

    /// <summary>The mistake in the number in the trial's precision, or null. <see cref="Check"/> has looked at fp32.</summary>
    internal Complaint? CheckIn(double number, Precision precision)
    {
        if (!Computed || precision != Precision.BFloat16) return null;
        float narrow = RoundedToBFloat16((float)number);
        return narrow == 0 || float.IsInfinity(narrow) ? Narrowed(number, narrow, "bf16") : null;
    }

    private Complaint? Narrowed(double number, float narrow, string precision)
    {
        if (number == 0 || narrow != 0 && Contains(narrow)) return null;
        string becomes = float.IsInfinity(narrow) ? "infinite" : Text(narrow), remedy = "larger";
        if (narrow != 0) remedy = number > 0 ? "smaller" : "larger";
        return new($"becomes {becomes} in {precision}", $"Use a {remedy} number.");
    }

    private bool Contains(double x) => double.IsFinite(x) && (OpenMin ? x > Min : x >= Min) && (OpenMax ? x < Max : x <= Max);

    /// <summary>Rounds to the nearest of the numbers that have 8 bits of mantissa, ties to even.</summary>
    private static float RoundedToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle(bits + 0x7fff + (bits >> 16 & 1) & 0xffff0000);
    }

    private static string Text(double value) => new NumberValue(value).ToString();
}

/// <summary>A whole number between two bounds, or the one word that stands for another choice ("full", "none").</summary>
public sealed record IntegerDomain(long Min, long Max, string? Word = null) : Domain
{
    private string Bounds => $"{Min}..{Max}{(Word is null ? "" : $" or `{Word}`")}";

    public override string Describe() => $"whole number, {Bounds}";

    public override JsonObject Schema()
    {
        var number = new JsonObject { ["type"] = "integer", ["minimum"] = Min, ["maximum"] = Max };
        return Word is null ? number : new JsonObject { ["anyOf"] = new JsonArray(number, new JsonObject { ["const"] = Word }) };
    }

    internal override Complaint? Check(SettingValue value)
    {
        if (Word is not null && value is TextValue { Text: var text } && text == Word) return null;
        if (value is not NumberValue { Number: var x } || x != Math.Floor(x))
            return new("is not a whole number", $"Use a whole number, {Bounds}.");
        return x >= Min && x <= Max ? null : new($"is outside {Min}..{Max}", $"Use a whole number, {Bounds}.");
    }
}

/// <summary>One of a few words.</summary>
public sealed record ChoiceDomain(ImmutableArray<string> Options) : Domain
{
    private string List => string.Join(", ", Options.Select(o => $"`{o}`"));

    public override string Describe() => List;

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. Options.Select(o => (JsonNode)o)]) };

    internal override Complaint? Check(SettingValue value)
    {
        if (value is TextValue { Text: var text } && Options.Contains(text)) return null;
        return new($"is none of {List}",
            Nearest.To(value.ToString(), Options) is { } near ? $"Did you mean `{near}`?" : "Use one of them.");
    }
}

/// <summary>true or false.</summary>
public sealed record FlagDomain : Domain
{
    public override string Describe() => "`true`, `false`";

    public override JsonObject Schema() => new() { ["type"] = "boolean" };

    internal override Complaint? Check(SettingValue value) =>
        value is BooleanValue ? null : new("is neither true nor false", "Write true or false, without quotes.");
}

/// <summary>A list of whole numbers from 1 to <paramref name="MaxItem"/>.</summary>
public sealed record ListDomain(int MaxItem, int MinCount, int MaxCount) : Domain
{
    public override string Describe() => $"list of {MinCount}..{MaxCount} whole numbers, each 1..{MaxItem}";

    public override JsonObject Schema() => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = MaxItem },
        ["minItems"] = MinCount,
        ["maxItems"] = MaxCount,
    };

    internal override Complaint? Check(SettingValue value)
    {
        if (value is not ListValue { Items: var items }) return new("is not a list of whole numbers", "Write a list, such as [64, 32].");
        if (items.Length < MinCount || items.Length > MaxCount)
            return new($"does not have {MinCount}..{MaxCount} entries", "Add or remove entries.");
        return items.All(i => i >= 1 && i <= MaxItem)
            ? null
            : new($"has an entry outside 1..{MaxItem}", $"Use whole numbers, 1..{MaxItem}.");
    }
}

/// <summary>Text of one line: a name, a path.</summary>
public sealed record TextDomain(int MaxLength = 4096) : Domain
{
    public override string Describe() => "text";

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = MaxLength };

    internal override Complaint? Check(SettingValue value)
    {
        string text = value.ToString();
        if (string.IsNullOrWhiteSpace(text)) return new("is empty", "Write some text.");
        return text.Length <= MaxLength && !text.Any(char.IsControl)
            ? null
            : new($"is not one line of at most {MaxLength} characters", "Shorten it.");
    }
}
