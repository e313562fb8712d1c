using System.CommandLine;

namespace Client.Commands;

/// <summary>What verbs have in common.</summary>
internal static class Verb
{
    public const string Table = "table", Json = "json", Csv = "csv";

    public static Argument<string> Id() => new("ID") { Description = "The sweep's ID, its beginning, or `last`." };

    public static Argument<string> SpecFile() => new("FILE") { Description = "The sweep file (YAML)." };

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
    public static void SetConnectedAction(this Command command, Func<ParseResult, ClusterConnection, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var connection = await ClusterConnection.Open(SweepHome.Default(), cancellationToken);
            return await action(parsed, connection, cancellationToken);
        });

    public static CommandException NoSuchSweep(object id) => CommandException.BadInput($"there is no sweep {id} any more. `sweep list` shows what there is.");
}
