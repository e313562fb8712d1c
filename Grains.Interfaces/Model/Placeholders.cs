using System.Text.RegularExpressions;

namespace Grains.Interfaces.Model;

/// <summary>The placeholders {name} in a program's arguments. Doubled braces stand for braces.</summary>
internal static partial class Placeholders
{
    /// <summary>The names in an argument, in its order.</summary>
    public static IEnumerable<string> In(string argument) =>
        Pattern().Matches(argument).Select(m => m.Groups["name"]).Where(g => g.Success).Select(g => g.Value);

    /// <summary>The argument with each placeholder's value in its place.</summary>
    public static string Fill(string argument, Func<string, string> value) => Pattern().Replace(argument, m => m.Value switch
    {
        "{{" => "{",
        "}}" => "}",
        _ => value(m.Groups["name"].Value),
    });

    // A brace with anything else behind it, as in JSON, is left as it is.
    [GeneratedRegex(@"\{\{|\}\}|\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Pattern();
}
