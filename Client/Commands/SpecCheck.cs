using System.Collections.Immutable;
using Client.Rendering;
using Grains.Interfaces.Model.Specs;

namespace Client.Commands;

/// <summary>Reads a sweep file without a cluster.</summary>
internal static class SpecCheck
{
    /// <summary>The spec, or an end with every mistake on its line.</summary>
    /// <exception cref="CommandException">The file has mistakes.</exception>
    public static SweepSpec Read(SpecFile file)
    {
        var reading = SweepSpecReader.Read(file.Text, file.FileName, file.Folder);
        return reading.Spec ?? throw CommandException.BadInput(Describe(file, reading.Errors));
    }

    public static string Describe(SpecFile file, ImmutableArray<SpecError> errors) =>
        $"{file.FileName} has {(errors.Length == 1 ? "a mistake" : $"{errors.Length} mistakes")}:\n" + string.Join("\n", errors.Select(e => $"  {e.Describe(file.FileName)}"));

    public static object Json(IEnumerable<SpecError> errors) => new { valid = !errors.Any(), errors };

    public static void Print(SpecFile file, SweepSpec spec)
    {
        var plan = SweepPlanner.Plan(spec);
        Output.Line($"{file.FileName} is valid: {PlanView.Totals(spec, plan)}.");
    }
}
