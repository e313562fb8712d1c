using System.CommandLine;
using Client.Describing;
using Client.Rendering;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Client.Commands;

internal static class ValidateCommand
{
    public static Command Create()
    {
        var file = Verb.SpecFile();
        var format = Verb.Format();
        var command = new Command("validate", "Reports every mistake in a sweep file with its line. " +
            "Looks at the names and sizes of its data, where they are on this machine. Needs no cluster.") { file, format };
        command.SetAction((parsed, cancellationToken) =>
        {
            var source = SpecFile.Read(parsed.GetRequiredValue(file));
            if (parsed.GetValue(format) == Verb.Json)
            {
                var reading = SweepSpecReader.Read(source.Text, source.FileName, source.Folder);
                var look = reading.Spec is { } read ? DataLook.At(read, source.Folder, cancellationToken) : null;
                Output.Json(SpecCheck.Json(reading, look));
                return Task.FromResult(look is { Mistake: null } ? ExitCodes.Done : ExitCodes.BadInput);
            }
            var spec = SpecCheck.Read(source);
            SpecCheck.LookAtData(source, spec, cancellationToken);
            SpecCheck.Print(source, spec);
            return Task.FromResult(ExitCodes.Done);
        });
        return command;
    }
}
