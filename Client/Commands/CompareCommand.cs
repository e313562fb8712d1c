using System.CommandLine;
using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces.Model.Views;

namespace Client.Commands;

/// <summary>Tells what the values of one setting do.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var id = Verb.Id();
        var options = new EffectsOptions();
        var by = new Option<string>("--by")
        {
            Description = "The setting whose values are compared; `epochs` for the budget.",
            HelpName = "SETTING",
            Required = true,
        }.NotEmpty();
        var baseline = new Option<string?>("--baseline")
        {
            Description = "The value that the others are compared with. Default: the first in the file's order that has pairs.",
            HelpName = "VALUE",
        }.NotEmpty();
        var format = Verb.Format(Verb.Table, Verb.Json, Verb.Csv);
        var command = new Command("compare", "Tells what the values of one setting do: mean differences of trials that are equal in all " +
            "else, with 95 % intervals over replicates.") { id, by, options.Where, options.Metric, baseline, format };
        command.SetConnectedAction(async (parsed, connection, cancellationToken) =>
        {
            var sweep = await connection.Resolve(parsed.GetRequiredValue(id), cancellationToken);
            var view = await ClusterConnection.Ask(
                () => connection.Reader.Compare(sweep, parsed.GetRequiredValue(by), parsed.GetValue(baseline), options.Of(parsed),
                    cancellationToken), cancellationToken) ?? throw CommandException.NoSuchSweep(sweep);
            switch (parsed.GetRequiredValue(format))
            {
                case Verb.Json:
                    Output.Line(ViewJson.Write(view));
                    break;
                case Verb.Csv:
                    Output.Raw(EffectsRendering.Csv(view.Metric, [EffectsRendering.FactorOf(view)]));
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
