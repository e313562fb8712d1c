using System.CommandLine;
using Client.Connecting;
using Client.Rendering;
using Client.Watching;

namespace Client.Commands;

internal static class StatusCommand
{
    public static Command Create()
    {
        var id = Verb.Id();
        var format = Verb.Format();
        var command = new Command("status", "Shows how far one sweep is.") { id, format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            var summary = await ClusterConnection.Ask(() => connection.Reader.Status(sweep, cancellationToken), cancellationToken)
                ?? throw CommandException.NoSuchSweep(sweep);
            if (parsed.GetValue(format) == Verb.Json) Output.Json(SweepView.Json(summary));
            else
            {
                Output.Write(SweepView.Card(summary));
                foreach (string line in Failures.Lines(await Failures.Of(connection, summary, cancellationToken))) Output.Line(line);
            }
            return ExitCodes.Done;
        });
        return command;
    }
}
