using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;

namespace Client.Rendering;

/// <summary>Renders what a program of the user's is run with.</summary>
internal static class ProgramView
{
    public static object Json(CommandSpec program) => new
    {
        program.Run,
        program.Files,
        metrics = program.Metrics.ToDictionary(m => m.Name, Word),
        program.Parameters,
        timeoutSeconds = program.Timeout?.TotalSeconds,
        program.Repeatable,
    };

    public static void Print(CommandSpec program)
    {
        Output.Line($"run         {string.Join(' ', program.Run)}");
        Output.Line($"files       {(program.Files.IsEmpty ? "none" : string.Join(", ", program.Files))}");
        Output.Line($"parameters  {(program.Parameters.IsEmpty ? "none" : string.Join(", ", program.Parameters))}");
        Output.Line($"metrics     {string.Join(", ", program.Metrics.Select(m => $"{m.Name} ({Word(m)})"))}");
        Output.Line($"timeout     {(program.Timeout is { } t ? $"{t:c} for one epoch" : "none")}");
        Output.Line(program.Repeatable
            ? "repeatable  yes: what is trained is shared, and results have a digest"
            : "repeatable  no: nothing is shared, and results have no digest");
    }

    private static string Word(Metric metric) => metric.Goal switch
    {
        Goal.Minimize => "minimize",
        Goal.Maximize => "maximize",
        _ => "record",
    };
}
