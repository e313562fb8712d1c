using System.CommandLine;
using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class ResultsCommand
{
    public static Command Create()
    {
        var id = Verb.Id();
        var format = Verb.Format(Verb.Table, Verb.Json, Verb.Csv);
        var trial = new Option<int?>("--trial", "-t")
        {
            Description = "Of one trial: its confusion matrix and the recall of each class.",
            HelpName = "N",
        };
        var command = new Command("results",
            "Shows the configurations of a sweep over their replicates, best first.") { id, format, trial };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            string chosen = parsed.GetRequiredValue(format);
            if (parsed.GetValue(trial) is { } number)
                return await Confusion(connection, new TrialId(sweep, number), chosen, cancellationToken);

            string json = await Read(connection, sweep, cancellationToken);
            if (chosen == Verb.Json) Output.Line(json);
            else if (chosen == Verb.Csv) Output.Raw(ResultsView.Csv(ResultsView.Parse(json)));
            else ResultsView.Print(ResultsView.Parse(json), Output.Terminal);
            return ExitCodes.Done;
        });
        return command;
    }

    public static async Task<string> Read(ClusterConnection connection, SweepId sweep, CancellationToken cancellationToken) =>
        await ClusterConnection.Ask(() => connection.Reader.Results(sweep, cancellationToken), cancellationToken)
            ?? throw CommandException.NoSuchSweep(sweep);

    private static async Task<int> Confusion(ClusterConnection connection, TrialId trial, string format,
        CancellationToken cancellationToken)
    {
        var view = await ClusterConnection.Ask(() => connection.Reader.Confusion(trial, cancellationToken), cancellationToken)
            ?? throw CommandException.BadInput($"trial {trial.Number} of {trial.Sweep} has no measured epoch, or there is no such trial. " +
                $"`sweep trials {trial.Sweep}` lists them.");
        if (format == Verb.Json) Output.Json(ConfusionRendering.Json(trial.Number, view));
        else if (format == Verb.Csv) Output.Raw(ConfusionRendering.Csv(view));
        else ConfusionRendering.Print(trial.Number, view, Output.Terminal);
        return ExitCodes.Done;
    }
}
