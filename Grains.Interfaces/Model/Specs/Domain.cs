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

/// <summary>A number, a text of one line, true or false: what a program of the user's may be given.</summary>
public sealed record ScalarDomain : Domain
{
    private const int MostCharacters = 4096;

    public override string Describe() => "number, text, `true`, `false`";

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("number", "string", "boolean") };

    internal override Complaint? Check(SettingValue value) => value switch
    {
        NumberValue { Number: var x } when !double.IsFinite(x) => new("is not a finite number", "Use a finite number."),
        ListValue => new("is not a single value", "Write a number, a text, true or false."),
        TextValue { Text: var text } when text.Length > MostCharacters || text.Any(char.IsControl) =>
            new($"is not one line of at most {MostCharacters} characters", "Shorten it, or ship it as a file."),
        _ => null,
    };
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

/// <summary>A list of texts. <see cref="Check"/> takes one entry of it.</summary>
public sealed record TextListDomain(int MinCount, int MaxCount) : Domain
{
    public override string Describe() => MinCount == 0 ? "list of texts" : $"list of at least {MinCount} text{(MinCount == 1 ? "" : "s")}";

    public override JsonObject Schema() => new()
    {
        ["type"] = "array",
        ["items"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
        ["minItems"] = MinCount,
        ["maxItems"] = MaxCount,
    };

    internal override Complaint? Check(SettingValue value) =>
        value.ToString().Contains('\0') ? new("has a character that no program can be given", "Remove it.") : null;
}

/// <summary>Names of metrics, each with what is wanted of it. <see cref="Check"/> takes the word behind one name.</summary>
public sealed record GoalsDomain : Domain
{
    /// <summary>The word for a metric that is only recorded.</summary>
    internal const string Record = "record";

    private static readonly ChoiceDomain Words = new([.. Words<Metrics.Goal>.Domain.Options, Record]);

    public override string Describe() => $"names, each with one of {Words.Describe()}";

    public override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["minProperties"] = 1,
        ["additionalProperties"] = Words.Schema(),
    };

    internal override Complaint? Check(SettingValue value) => Words.Check(value);
}

/// <summary>A time with its unit, or `none`.</summary>
public sealed partial record DurationDomain : Domain
{
    private const string Remedy = "Write a whole number with its unit, such as 90s, 30m or 2h, or `none`.";

    public override string Describe() => "whole number with `s`, `m` or `h`, or `none`";

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = $"{Pattern()}|^none$" };

    /// <summary>The time that a text of this domain means; null for none.</summary>
    public static TimeSpan? Read(string text) => text == "none" ? null
        : TimeSpan.FromSeconds(int.Parse(text.AsSpan(0, text.Length - 1), System.Globalization.CultureInfo.InvariantCulture)
            * (text[^1] switch { 's' => 1L, 'm' => 60, _ => 3600 }));

    internal override Complaint? Check(SettingValue value) =>
        value.ToString() is var text && (text == "none" || Pattern().IsMatch(text)) ? null : new("is no time with a unit", Remedy);

    // 99999 hours are eleven years, which a timer still holds.
    [System.Text.RegularExpressions.GeneratedRegex("^([1-9][0-9]{0,4})([smh])$")]
    private static partial System.Text.RegularExpressions.Regex Pattern();
}
