using System.CommandLine;
using Client.Watching;

namespace Client.Commands;

internal static class WatchCommand
{
    public static Command Create()
    {
        var id = Verb.Id();
        var command = new Command("watch", "Follows a sweep until it ends: live on a terminal, one line per event elsewhere. Ctrl-C leaves the sweep running.") { id };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            return Watcher.ExitCode(await Watcher.Follow(connection, sweep, cancellationToken));
        });
        return command;
    }
}
