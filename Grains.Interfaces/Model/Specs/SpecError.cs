namespace Grains.Interfaces.Model.Specs;

/// <summary>One mistake in a sweep file.</summary>
/// <param name="Path">Where in the document: parameters.dropout.max.</param>
/// <param name="Line">Counts from 1.</param>
/// <param name="Column">Counts from 1.</param>
/// <param name="Value">What stands there.</param>
/// <param name="Rule">What would be right: "is outside 0..1".</param>
/// <param name="Remedy">What to do: "Use a rate below 1.".</param>
public sealed record SpecError(string Path, int Line, int Column, string Value, string Rule, string Remedy)
{
    /// <summary>parameters.dropout.max: 1.5 is outside 0..1 (sweep.yaml:14:12). Use a rate below 1.</summary>
    public string Describe(string file) => $"{Path}: {Value} {Rule} ({file}:{Line}:{Column}). {Remedy}";
}
