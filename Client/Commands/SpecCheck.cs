using System.Collections.Immutable;
using Client.Describing;
using Client.Rendering;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Client.Commands;

/// <summary>Reads a sweep file without a cluster.</summary>
internal static class SpecCheck
{
    /// <summary>Returns the spec, or ends the command and lists every mistake with its line. Warnings go to standard error.</summary>
    /// <exception cref="CommandException">The file has mistakes.</exception>
    public static SweepSpec Read(SpecFile file)
    {
        var reading = SweepSpecReader.Read(file.Text, file.FileName, file.Folder);
        var spec = reading.Spec ?? throw CommandException.BadInput(Describe(file, reading.Errors));
        foreach (var warning in reading.Warnings) Output.Warning(warning.Describe(file.FileName));
        return spec;
    }

    public static string Describe(SpecFile file, ImmutableArray<SpecError> errors) =>
        $"{file.FileName} has {(errors.Length == 1 ? "a mistake" : $"{errors.Length} mistakes")}:\n" +
            string.Join("\n", errors.Select(e => $"  {e.Describe(file.FileName)}"));

    public static object Json(SpecReading reading, DataLook? data) => new
    {
        valid = reading.Spec is not null && data?.Mistake is null,
        errors = reading.Errors,
        warnings = reading.Warnings,
        data = data is null ? null : new { mistake = data.Mistake, notes = data.Notes },
    };

    /// <summary>Packs what the sweep's program is shipped with; null without any.</summary>
    /// <exception cref="CommandException">A file is missing or cannot be shipped.</exception>
    public static byte[]? Pack(SpecFile file, SweepSpec spec)
    {
        try
        {
            return DataLook.Pack(spec, file.Folder);
        }
        catch (SpecException e)
        {
            throw CommandException.BadInput(e.Message);
        }
    }

    /// <summary>Looks at the data, or the files of its program, as far as they are on this machine. Notes go to standard error.</summary>
    /// <exception cref="CommandException">No silo could use them.</exception>
    /// <returns>The notes.</returns>
    public static ImmutableArray<string> LookAtData(SpecFile file, SweepSpec spec, CancellationToken cancellation)
    {
        var look = DataLook.At(spec, file.Folder, cancellation);
        if (look.Mistake is { } mistake) throw CommandException.BadInput(mistake);
        foreach (string note in look.Notes) Output.Warning(note);
        return look.Notes;
    }

    public static void Print(SpecFile file, SweepSpec spec)
    {
        var plan = SweepPlanner.Plan(spec);
        Output.Line($"{file.FileName} is valid: {PlanView.Totals(spec, plan)}.");
    }
}
