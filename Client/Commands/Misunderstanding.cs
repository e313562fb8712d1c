using System.CommandLine;
using System.CommandLine.Parsing;
using Grains.Interfaces.Model.Specs;

namespace Client.Commands;

/// <summary>Explains what is wrong with a command line, and what was probably meant.</summary>
internal static class Misunderstanding
{
    /// <summary>Returns an empty list where everything was understood.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string[] strange = [.. parsed.UnmatchedTokens, .. OptionsTakenForArguments(parsed)];
        if (strange.FirstOrDefault(t => !IsOption(t)) is { } word
            && command.Subcommands.Any(c => !c.Hidden) && command.Arguments.Count == 0) return [NoVerb(command, word)];
        if (strange.Length > 0)
            return [.. strange.Distinct().Select(t => IsOption(t)
                ? NoOption(command, t)
                : $"'{t}' is one argument too many for `{PathOf(command)}`.")];
        return [.. parsed.Errors.Select(e => Describe(command, e)).Distinct()];
    }

    public static string NoVerb(Command command, string word)
    {
        string[] verbs = [.. command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name)];
        string? meant = Nearest.To(word, verbs) is { } near ? $"{PathOf(command)} {near}"
            : word.Length > 1 && verbs.FirstOrDefault(v => v.StartsWith(word, StringComparison.Ordinal)) is { } begun
                ? $"{PathOf(command)} {begun}"
            : Elsewhere(command, word);
        return $"'{word}' is no verb of `{PathOf(command)}`. " +
            $"{(meant is null ? $"There are: {string.Join(", ", verbs)}." : $"Did you mean `{meant}`?")}";
    }

    /// <summary>Returns the command's name with those of its parents, such as "sweep cluster up".</summary>
    public static string PathOf(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? SweepCommand.Name : $"{PathOf(parent)} {command.Name}";
    }

    private static string NoOption(Command command, string token)
    {
        string name = token.Split('=', ':')[0];
        string[] options = [.. OptionsOf(command).SelectMany(o => o.Aliases.Append(o.Name))
            .Where(o => o.StartsWith("--", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        string hint = Nearest.To(name, options) is { } near ? $"Did you mean `{near}`?"
            : options.FirstOrDefault(o => name.Length > 3 && o.StartsWith(name, StringComparison.Ordinal)) is { } begun
                ? $"Did you mean `{begun}`?"
            : $"It has: {string.Join(", ", options)}.";
        return $"`{PathOf(command)}` has no option {name}. {hint}";
    }

    /// <summary>Somebody who types `sweep up` means `sweep cluster up`.</summary>
    private static string? Elsewhere(Command command, string word)
    {
        var found = Below(Root(command)).FirstOrDefault(c => c.Name == word);
        return found is null ? null : PathOf(found);
    }

    private static IEnumerable<Command> Below(Command command) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Below(c).Prepend(c));

    private static Command Root(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? Root(parent) : command;

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Where(o => !o.Hidden).Concat(command.Parents.OfType<Command>().SelectMany(OptionsOf).Where(o => o.Recursive));

    /// <summary>No ID and no file begins with a dash, unless `--` stands before it.</summary>
    private static IEnumerable<string> OptionsTakenForArguments(ParseResult parsed) =>
        parsed.Tokens.Any(t => t.Type == TokenType.DoubleDash) ? []
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).Where(IsOption);

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-';

    private static string Describe(Command command, ParseError error)
    {
        if (error.SymbolResult is CommandResult && command.Subcommands.Any(c => !c.Hidden) && command.Action is null)
            return $"`{PathOf(command)}` needs a verb: {string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}.";
        // The library's own message would name the type as .NET does.
        return error.SymbolResult is OptionResult { Option: var option, Tokens: [var token, ..] }
            && error.Message.Contains("as expected type", StringComparison.Ordinal)
            ? $"{option.Name}: '{token.Value}' is no {KindOf(option.ValueType)}."
            : error.Message;
    }

    private static string KindOf(Type type)
    {
        var element = type.IsArray ? type.GetElementType()! : type;
        var plain = Nullable.GetUnderlyingType(element) ?? element;
        return plain == typeof(int) || plain == typeof(long) ? "whole number that fits" : $"{plain.Name}";
    }
}
