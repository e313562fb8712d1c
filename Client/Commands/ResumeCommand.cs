using System.CommandLine;
using Client.Connecting;
using Client.Rendering;

namespace Client.Commands;

internal static class ResumeCommand
{
    public static Command Create()
    {
        var id = Verb.WholeId();
        var command = new Command("resume", "Lets a paused sweep go on where it was.") { id };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.ResolveWhole(parsed, id, "Resuming", cancellationToken);
            await ClusterConnection.Ask(() => connection.Sweep(sweep).Resume(cancellationToken), cancellationToken);
            Output.Line($"{sweep} goes on.");
            return ExitCodes.Done;
        });
        return command;
    }
}
