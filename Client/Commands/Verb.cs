using System.CommandLine;
using System.CommandLine.Parsing;
using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Commands;

/// <summary>The parts that several verbs share.</summary>
internal static class Verb
{
    public const string Table = "table", Json = "json", Csv = "csv";

    public static Argument<string> Id() =>
        OfSweep(new Argument<string>("ID") { Description = "The sweep's ID, its beginning, or `last`." });

    /// <summary>Marks an ID for verbs that change or destroy. A prefix that finds one sweep today may find another tomorrow.</summary>
    public static Argument<string> WholeId() => OfSweep(new Argument<string>("ID") { Description = "The sweep's whole ID, or `last`." });

    public static Argument<string?> OptionalId(string description) =>
        OfSweep(new Argument<string?>("ID") { Description = description, Arity = ArgumentArity.ZeroOrOne });

    public static Argument<string> SpecFile() => new Argument<string>("FILE") { Description = "The sweep file (YAML)." }.NotEmpty();

    /// <summary>Refuses an empty value, because a script's variable that is not set must not mean everything.</summary>
    public static Argument<T> NotEmpty<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result => RefuseEmpty(argument.Name, result));
        return argument;
    }

    public static Option<T> NotEmpty<T>(this Option<T> option)
    {
        option.Validators.Add(result => RefuseEmpty(option.Name, result));
        return option;
    }

    private static void RefuseEmpty(string name, SymbolResult result)
    {
        if (result.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value)))
            result.AddError($"{name}: '' is empty. Give it a value, or leave it out where it may be.");
    }

    private static Argument<T> OfSweep<T>(Argument<T> argument)
    {
        argument.CompletionSources.Add(context => Completion.SweepIds(context.WordToComplete));
        return argument.NotEmpty();
    }

    public static Option<string> Format(params string[] formats)
    {
        string[] known = formats.Length == 0 ? [Table, Json] : formats;
        return new Option<string>("--format", "-f")
        {
            Description = $"How to print: {string.Join(", ", known)}.",
            HelpName = string.Join('|', known),
            DefaultValueFactory = _ => known[0],
        }.AcceptOnlyFromAmong(known);
    }

    public static Option<bool> TraceConsole() => new("--trace-console") { Description = "Also print every finished span to the console." };

    /// <summary>Runs the action with an open connection to the home's cluster.</summary>
    public static void SetConnectedAction(this Command command,
        Func<ParseResult, ClusterConnection, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var connection = await ClusterConnection.Open(SweepHome.Default(), cancellationToken);
            return await action(parsed, connection, cancellationToken);
        });

    /// <summary>
    /// Says which sweep a verb is about to change. The line goes to standard error, because standard output carries the answer.
    /// </summary>
    /// <param name="doing">"Deleting", "Pausing" …</param>
    public static async Task<SweepId> ResolveWhole(
        this ClusterConnection connection, ParseResult parsed, Argument<string> id, string doing, CancellationToken cancellationToken)
    {
        var sweep = await connection.ResolveWhole(parsed.GetRequiredValue(id), parsed.CommandResult.Command.Name, cancellationToken);
        var summary = await ClusterConnection.Ask(() => connection.Reader.Status(sweep, cancellationToken), cancellationToken)
            ?? throw CommandException.NoSuchSweep(sweep);
        await Console.Error.WriteLineAsync($"{doing} {SweepView.Line(summary)}");
        return sweep;
    }
}
