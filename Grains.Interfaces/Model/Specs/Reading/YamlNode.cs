using System.Collections.Immutable;
using System.Globalization;

namespace Grains.Interfaces.Model.Specs.Reading;

/// <summary>
/// A piece of a YAML document and where it starts. YamlDotNet's own tree refuses duplicate keys at the first. This one keeps them, to
/// report all.
/// </summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>The text for messages, in which long values are cut.</summary>
    public abstract string Show();

    protected static string Cut(string text) => text.Length <= 60 ? text : text[..57] + "…";
}

internal sealed record YamlScalar(string Text, bool Quoted, int Line, int Column) : YamlNode(Line, Column)
{
    public override string Show() => Text.Length == 0 ? "(nothing)" : Cut(Text.ReplaceLineEndings(" "));

    /// <summary>Reads a value by YAML 1.2's core schema: unquoted 1e-3 is a number, "1e-3" is text, and so is yes.</summary>
    public SettingValue Value
    {
        get
        {
            const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            if (Quoted) return new TextValue(Text);
            if (Text is "true" or "True" or "TRUE") return new BooleanValue(true);
            if (Text is "false" or "False" or "FALSE") return new BooleanValue(false);
            bool digits = Text.Any(char.IsAsciiDigit);
            return digits && double.TryParse(Text, style, CultureInfo.InvariantCulture, out double number)
                ? new NumberValue(number)
                : new TextValue(Text);
        }
    }
}

internal sealed record YamlList(ImmutableArray<YamlNode> Items, int Line, int Column) : YamlNode(Line, Column)
{
    public override string Show() => Cut($"[{string.Join(", ", Items.Take(20).Select(i => i is YamlScalar ? i.Show() : "…"))}]");
}

internal sealed record YamlMap(ImmutableArray<(YamlScalar Key, YamlNode Value)> Entries, int Line, int Column) : YamlNode(Line, Column)
{
    public override string Show() => Cut($"{{{string.Join(", ", Entries.Take(20).Select(e => e.Key.Show()))}}}");
}
