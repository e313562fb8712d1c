using System.CommandLine;
using Client.Connecting;
using Client.Rendering;

namespace Client.Commands;

internal static class TrialsCommand
{
    public static Command Create()
    {
        var id = Verb.Id();
        var format = Verb.Format();
        var command = new Command("trials", "Lists the trials of a sweep by number.") { id, format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            var trials = await ClusterConnection.Ask(() => connection.Reader.Trials(sweep, cancellationToken), cancellationToken);
            if (parsed.GetValue(format) == Verb.Json) Output.Json(trials.Select(TrialsView.Json));
            else if (trials.Length == 0) Output.Line("No trials yet: the sweep is being prepared.");
            else TrialsView.Print(trials, Output.Terminal);
            return ExitCodes.Done;
        });
        return command;
    }
}
