using System.CommandLine;
using Client.Rendering;
using Grains.Interfaces.Model.Specs;

namespace Client.Commands;

internal static class ValidateCommand
{
    public static Command Create()
    {
        var file = Verb.SpecFile();
        var format = Verb.Format();
        var command = new Command("validate", "Reports every mistake in a sweep file with its line. Needs no cluster and reads no data.") { file, format };
        command.SetAction(parsed =>
        {
            var source = SpecFile.Read(parsed.GetRequiredValue(file));
            if (parsed.GetValue(format) == Verb.Json)
            {
                var reading = SweepSpecReader.Read(source.Text, source.FileName, source.Folder);
                Output.Json(SpecCheck.Json(reading.Errors));
                return reading.Spec is null ? ExitCodes.BadInput : ExitCodes.Done;
            }
            SpecCheck.Print(source, SpecCheck.Read(source));
            return ExitCodes.Done;
        });
        return command;
    }
}
