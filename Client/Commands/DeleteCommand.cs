using System.CommandLine;
using Client.Connecting;
using Client.Rendering;

namespace Client.Commands;

internal static class DeleteCommand
{
    public static Command Create()
    {
        var id = Verb.WholeId();
        var command = new Command("delete", "Forgets a sweep; one that runs is cancelled first. " +
            "Trainings that another sweep asks for stay.") { id };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.ResolveWhole(parsed, id, "Deleting", cancellationToken);
            await ClusterConnection.Ask(() => connection.Sweep(sweep).Delete(cancellationToken), cancellationToken);
            Output.Line($"{sweep} is deleted.");
            return ExitCodes.Done;
        });
        return command;
    }
}
