using System.CommandLine;
using Client.Connecting;
using Client.Describing;
using Client.LocalCluster;
using Client.Rendering;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Client.Commands;

internal static class PreviewCommand
{
    public static Command Create()
    {
        var file = Verb.SpecFile();
        var format = Verb.Format();
        var all = new Option<bool>("--all") { Description = $"Every point, more than {PlanView.MostPoints} too." };
        var command = new Command("preview", "Shows what a sweep file would run: points, trials, epochs, parameter counts; " +
            "and what is left to train, where a cluster runs. Needs none.") { file, format, all };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = SpecFile.Read(parsed.GetRequiredValue(file));
            var spec = SpecCheck.Read(source);
            var told = SpecCheck.LookAtData(source, spec, cancellationToken);
            var plan = SweepPlanner.Plan(spec);
            var images = spec.Program is ClassifierSpec classifier ? ImageShape.Of(classifier.Data) : null;
            if (parsed.GetValue(format) == Verb.Json)
                Output.Json(PlanView.Json(spec, plan, images, await Forecast(source, spec, told, cancellationToken)));
            else
            {
                PlanView.Print(spec, plan, images, parsed.GetValue(all), Output.Terminal);
                if (await Forecast(source, spec, told, cancellationToken) is { } forecast)
                    Output.Line($"{ReuseView.Text(forecast.Asked, forecast.ToTrain)} in this cluster.");
            }
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Returns null where no cluster runs, where it cannot tell, and for a search. A preview needs no cluster.</summary>
    /// <param name="told">Notes on the data that need no repeating.</param>
    private static async Task<ReuseForecast?> Forecast(SpecFile file, SweepSpec spec, IEnumerable<string> told, CancellationToken cancellationToken)
    {
        if (spec.Search.Decides) return null; // what it will propose is not known
        var home = SweepHome.Default();
        if (ClusterState.Read(home)?.Silos.Any(s => ProcessIdentity.IsAlive(s.Pid, s.Start)) != true) return null;
        try
        {
            await using var connection = await ClusterConnection.Open(home, cancellationToken);
            var request = new SubmitRequest(file.Text, file.Folder, file.FileName, null, Package: SpecCheck.Pack(file, spec));
            var forecast = await ClusterConnection.Ask(() => connection.Reader.Forecast(request, cancellationToken), cancellationToken);
            foreach (string note in (forecast.Notes ?? []).Except(told)) Output.Warning(note);
            return forecast;
        }
        catch (Exception e) when (e is CommandException or SpecException)
        {
            await Console.Error.WriteLineAsync($"What is left to train is not known: {e.Message}");
            return null;
        }
    }
}
