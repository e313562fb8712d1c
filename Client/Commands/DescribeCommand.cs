using System.CommandLine;
using Client.Describing;
using Client.Rendering;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Client.Commands;

internal static class DescribeCommand
{
    public static Command Create()
    {
        var file = Verb.SpecFile();
        var format = Verb.Format();
        var command = new Command("describe",
            "Describes the model of each point: layers, filters, output shapes, parameters, regularization, " +
            "and a CNN beside fully connected networks. Equal models are shown once. Of a program of one's own, what it is run with. " +
            "Needs no cluster.")
        { file, format };
        command.SetAction(parsed =>
        {
            var spec = SpecCheck.Read(SpecFile.Read(parsed.GetRequiredValue(file)));
            if (spec.Program is CommandSpec program)
            {
                if (parsed.GetValue(format) == Verb.Json) Output.Json(ProgramView.Json(program));
                else ProgramView.Print(program);
                return ExitCodes.Done;
            }
            if (spec.Program is not ClassifierSpec classifier)
            {
                Output.Line("It replays recorded curves; there is no model.");
                return ExitCodes.Done;
            }
            var images = ImageShape.Of(classifier.Data);
            // A search that learns proposes its points later; its shared settings are a model too.
            if (!spec.Search.Sampler.IsListed() && spec.Trials.IsEmpty) spec = spec with { Parameters = [], Search = SearchSpec.Grid };
            var models = ModelDescription.Of(SweepPlanner.Plan(spec), images);
            if (parsed.GetValue(format) == Verb.Json) Output.Json(models.Select(m => ModelView.Json(m, images)));
            else ModelView.Print(models, images);
            return ExitCodes.Done;
        });
        return command;
    }
}
