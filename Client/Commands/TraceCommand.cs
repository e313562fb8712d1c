using System.CommandLine;
using Client.Rendering;

namespace Client.Commands;

internal static class TraceCommand
{
    public static Command Create()
    {
        var id = Verb.Id();
        var format = Verb.Format();
        var all = new Option<bool>("--all") { Description = "Every span: runs of equal ones too, and the calls of grains." };
        var command = new Command("trace", "Shows the sweep's trace as a tree with durations: client, coordinator, silos, " +
            "trainings, epochs.") { id, format, all };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            var spans = await TraceReading.Read(connection, sweep, cancellationToken);
            if (parsed.GetValue(format) == Verb.Json) Output.Json(spans.Select(TraceView.Json));
            else if (spans.Length == 0) Output.Line("No spans are kept of this sweep.");
            else Output.Write(TraceView.Tree(spans, parsed.GetValue(all) ? TraceDetail.All : TraceDetail.Outline));
            return ExitCodes.Done;
        });
        return command;
    }
}
