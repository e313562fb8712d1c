using System.CommandLine;
using Client.Describing;
using Client.Rendering;
using Grains.Interfaces.Model.Specs;

namespace Client.Commands;

internal static class PreviewCommand
{
    public static Command Create()
    {
        var file = Verb.SpecFile();
        var format = Verb.Format();
        var all = new Option<bool>("--all") { Description = $"Every point, more than {PlanView.MostPoints} too." };
        var command = new Command("preview", "Shows what a sweep file would run: points, trials, epochs, parameter counts. Needs no cluster.") { file, format, all };
        command.SetAction(parsed =>
        {
            var source = SpecFile.Read(parsed.GetRequiredValue(file));
            var spec = SpecCheck.Read(source);
            var plan = SweepPlanner.Plan(spec);
            var images = ImageShape.Of(spec.Data);
            if (parsed.GetValue(format) == Verb.Json) Output.Json(PlanView.Json(spec, plan, images));
            else PlanView.Print(spec, plan, images, parsed.GetValue(all));
            return ExitCodes.Done;
        });
        return command;
    }
}
