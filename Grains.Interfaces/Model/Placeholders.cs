using System.Text.RegularExpressions;

namespace Grains.Interfaces.Model;

/// <summary>The placeholders {name} in a program's arguments. {{name}} stands for {name} as it is.</summary>
internal static partial class Placeholders
{
    /// <summary>The names in an argument, in its order.</summary>
    public static IEnumerable<string> In(string argument) =>
        Pattern().Matches(argument).Select(m => m.Groups["name"]).Where(g => g.Success).Select(g => g.Value);

    /// <summary>The argument with each placeholder's value in its place.</summary>
    public static string Fill(string argument, Func<string, string> value) =>
        Pattern().Replace(argument, m => m.Groups["name"] is { Success: true, Value: var name } ? value(name) : m.Value[1..^1]);

    // Any other brace, as in JSON, is left as it is.
    [GeneratedRegex(@"\{\{[A-Za-z_][A-Za-z0-9_]*\}\}|\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Pattern();
}
