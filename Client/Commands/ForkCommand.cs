using System.CommandLine;
using Client.Connecting;
using Client.Rendering;
using Client.Telemetry;
using Client.Watching;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class ForkCommand
{
    public static Command Create()
    {
        var id = Verb.WholeId();
        var trial = new Option<int>("--trial", "-t")
        {
            Description = "The number of the trial to go on from.",
            Required = true,
            HelpName = "N",
        };
        var at = new Option<int>("--at")
        {
            Description = "The last epoch in common: one whose state is kept.",
            Required = true,
            HelpName = "EPOCH",
        };
        var set = new Option<string[]>("--set", "-s")
        {
            Description = "What changes from there; again for more.",
            Required = true,
            HelpName = "SETTING=VALUE",
        };
        var watch = new Option<bool>("--watch", "-w") { Description = "Follow the sweep until it ends." };
        var command = new Command("fork",
            "Starts a sweep of one trial, which goes on from the middle of another under other settings.") { id, trial, at, set, watch };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var parent = await connection.ResolveWhole(parsed, id, "Forking", cancellationToken);
            var fork = new ForkRequest(parent, parsed.GetValue(trial), parsed.GetValue(at),
                string.Join(", ", parsed.GetRequiredValue(set).Select(Yaml)));
            using var tracing = new ClientTracing(false);
            var sweep = await Submission.Submit(connection, $"{parent.Value}-fork", new SpecFile("", "/", ""), tracing,
                cancellationToken, fork: fork);
            var summary = await Prepared(connection, sweep, cancellationToken);
            Output.Line(sweep.Value);
            if (summary?.EpochsToTrain is { } toTrain) await Console.Error.WriteLineAsync(ReuseView.Text(summary.EpochsAsked, toTrain));
            return parsed.GetValue(watch) ? Watcher.ExitCode(await Watcher.Follow(connection, sweep, cancellationToken)) : ExitCodes.Done;
        });
        return command;
    }

    /// <summary>
    /// A fork that is refused leaves nothing behind, because it has no file of its own that could be mended and looked at.
    /// </summary>
    private static async Task<SweepSummary?> Prepared(ClusterConnection connection, SweepId sweep, CancellationToken cancellationToken)
    {
        try
        {
            return await Submission.WaitUntilPrepared(connection, sweep, cancellationToken);
        }
        catch (CommandException e) when (e.ExitCode == ExitCodes.BadInput)
        {
            await ClusterConnection.Ask(() => connection.Sweep(sweep).Delete(cancellationToken), cancellationToken);
            throw;
        }
    }

    private static string Yaml(string setting) => setting.Split('=', 2) is [var name, var value]
        ? $"{name.Trim()}: {value.Trim()}"
        : throw CommandException.BadInput($"--set: '{setting}' is no setting. Write it as learning_rate=1e-4.");
}
