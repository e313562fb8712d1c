using System.CommandLine;
using Client.Connecting;
using Client.Rendering;

namespace Client.Commands;

internal static class ClusterStatusCommand
{
    public static Command Create()
    {
        var format = Verb.Format();
        var command = new Command("status", "Lists the silos.") { format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var cluster = await ClusterConnection.Ask(() => connection.Cluster.Describe(cancellationToken), cancellationToken);
            if (parsed.GetValue(format) == Verb.Json) Output.Json(ClusterView.Json(cluster));
            else Output.Write(ClusterView.Table(cluster));
            return ExitCodes.Done;
        });
        return command;
    }
}
