using System.CommandLine;
using Client.Rendering;
using Client.Telemetry;
using Client.Watching;

namespace Client.Commands;

internal static class SubmitCommand
{
    public static Command Create()
    {
        var file = Verb.SpecFile();
        var watch = new Option<bool>("--watch", "-w") { Description = "Follow the sweep until it ends." };
        var key = new Option<string?>("--key") { Description = "Names this submission: submitted again with the same key and file, it is the same sweep.", HelpName = "KEY" };
        var format = Verb.Format();
        var trace = Verb.TraceConsole();
        var command = new Command("submit", "Submits a sweep file to the cluster.") { file, watch, key, format, trace };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = SpecFile.Read(parsed.GetRequiredValue(file));
            string name = SpecCheck.Read(source).Name; // mistakes are said before a cluster is asked
            await using var connection = await ClusterConnection.Open(SweepHome.Default(), cancellationToken);
            using var tracing = new ClientTracing(parsed.GetValue(trace));
            var id = await Submission.Submit(connection, name, source, tracing, cancellationToken, parsed.GetValue(key));
            if (parsed.GetValue(format) == Verb.Json) Output.Json(new { id = id.Value });
            else Output.Line(id.Value);
            await Submission.WaitUntilPrepared(connection, id, cancellationToken);
            return parsed.GetValue(watch) ? Watcher.ExitCode(await Watcher.Follow(connection, id, cancellationToken)) : ExitCodes.Done;
        });
        return command;
    }
}
