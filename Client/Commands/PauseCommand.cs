using System.CommandLine;
using Client.Connecting;
using Client.Rendering;

namespace Client.Commands;

internal static class PauseCommand
{
    public static Command Create()
    {
        var id = Verb.WholeId();
        var command = new Command("pause", "Holds a sweep: trainings stop at their last whole epoch and keep it, " +
            "and nothing is queued until `sweep resume`.") { id };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.ResolveWhole(parsed, id, "Pausing", cancellationToken);
            await ClusterConnection.Ask(() => connection.Sweep(sweep).Pause(cancellationToken), cancellationToken);
            Output.Line($"{sweep} is paused.");
            return ExitCodes.Done;
        });
        return command;
    }
}
