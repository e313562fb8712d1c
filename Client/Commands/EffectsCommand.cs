using System.CommandLine;
using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model.Views;

namespace Client.Commands;

/// <summary>Tells what every setting does.</summary>
internal static class EffectsCommand
{
    public static Command Create()
    {
        var id = Verb.Id();
        var options = new EffectsOptions();
        var format = Verb.Format(Verb.Table, Verb.Json, Verb.Csv);
        var command = new Command("effects", "Tells what every setting does, the largest difference first, each over pairs of trials " +
            "that are equal in all else.") { id, options.Where, options.Metric, format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            var view = await ClusterConnection.Ask(() => connection.Reader.Effects(sweep, options.Of(parsed), cancellationToken),
                cancellationToken) ?? throw CommandException.NoSuchSweep(sweep);
            switch (parsed.GetRequiredValue(format))
            {
                case Verb.Json:
                    Output.Line(ViewJson.Write(view));
                    break;
                case Verb.Csv:
                    Output.Raw(EffectsRendering.Csv(view.Metric, view.Factors));
                    break;
                default:
                    EffectsRendering.Print(view, Output.Terminal);
                    break;
            }
            return ExitCodes.Done;
        });
        return command;
    }
}
