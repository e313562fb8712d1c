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
        var noReuse = new Option<bool>("--no-reuse") { Description = "Train every trial for itself, from its first weights. Recipes and digest are the same." };
        var key = new Option<string?>("--key") { Description = "Names this submission: submitted again with the same key and file, it is the same sweep.", HelpName = "KEY" };
        var format = Verb.Format();
        var trace = Verb.TraceConsole();
        var command = new Command("submit", "Submits a sweep file to the cluster.") { file, watch, noReuse, key, format, trace };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = SpecFile.Read(parsed.GetRequiredValue(file));
            string name = SpecCheck.Read(source).Name; // mistakes are said before a cluster is asked
            await using var connection = await ClusterConnection.Open(SweepHome.Default(), cancellationToken);
            using var tracing = new ClientTracing(parsed.GetValue(trace));
            var id = await Submission.Submit(connection, name, source, tracing, cancellationToken, parsed.GetValue(noReuse), key: parsed.GetValue(key));
            bool json = parsed.GetValue(format) == Verb.Json;
            if (json) Output.Json(new { id = id.Value });
            else Output.Line(id.Value);
            // Beside standard output, which carries the ID alone.
            if (await Submission.WaitUntilPrepared(connection, id, cancellationToken) is { EpochsToTrain: { } toTrain } summary)
                await Console.Error.WriteLineAsync(ReuseView.Text(summary.EpochsAsked, toTrain));
            return parsed.GetValue(watch) ? Watcher.ExitCode(await Watcher.Follow(connection, id, cancellationToken, beside: json)) : ExitCodes.Done;
        });
        return command;
    }
}
