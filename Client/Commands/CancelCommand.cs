using System.CommandLine;
using Client.Connecting;
using Client.Rendering;

namespace Client.Commands;

internal static class CancelCommand
{
    public static Command Create()
    {
        var id = Verb.WholeId();
        var command = new Command("cancel", "Ends a sweep early: no further epoch starts, what is measured stays. " +
            "Harmless when it has ended.") { id };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.ResolveWhole(parsed, id, "Cancelling", cancellationToken);
            await ClusterConnection.Ask(() => connection.Sweep(sweep).Cancel(cancellationToken), cancellationToken);
            Output.Line($"{sweep} is cancelled.");
            return ExitCodes.Done;
        });
        return command;
    }
}
