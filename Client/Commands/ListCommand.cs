using System.CommandLine;
using Client.Connecting;
using Client.Rendering;

namespace Client.Commands;

internal static class ListCommand
{
    public static Command Create()
    {
        var format = Verb.Format();
        var command = new Command("list", "Lists the sweeps, newest first.") { format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweeps = await ClusterConnection.Ask(() => connection.Reader.List(cancellationToken), cancellationToken);
            if (parsed.GetValue(format) == Verb.Json) Output.Json(sweeps.Select(SweepView.Json));
            else if (sweeps.Length == 0) Output.Line("No sweeps yet. `sweep submit FILE` makes one.");
            else Output.Write(SweepView.Table(sweeps));
            return ExitCodes.Done;
        });
        return command;
    }
}
