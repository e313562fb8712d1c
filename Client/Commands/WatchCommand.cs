using System.CommandLine;
using Client.Watching;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class WatchCommand
{
    public static Command Create()
    {
        var id = Verb.Id();
        var format = Verb.Format();
        var after = new Option<string?>("--after")
        {
            Description = "Only what follows this cursor, as a line of --format json gives it.",
            HelpName = "CURSOR",
        }.NotEmpty();
        var command = new Command("watch",
            "Follows a sweep until it ends: live on a terminal, one line per event elsewhere, " +
            "one JSON object per fact with --format json. Ctrl-C leaves the sweep running.") { id, format, after };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            bool json = parsed.GetValue(format) == Verb.Json;
            if (parsed.GetValue(after) is { } given && !json)
                throw CommandException.BadInput($"--after: {given} goes with --format json, whose lines carry cursors.");
            var cursor = parsed.GetValue(after) is not { } text ? WatchCursor.Start : WatchCursor.Parse(text)
                ?? throw CommandException.BadInput($"--after: '{text}' is no cursor. " +
                    "Give the `cursor` of a line of `sweep watch --format json`.");
            return Watcher.ExitCode(json
                ? await Watcher.FollowAsJson(connection, sweep, cursor, cancellationToken)
                : await Watcher.Follow(connection, sweep, cancellationToken));
        });
        return command;
    }
}
