namespace Grains.Interfaces.Model.Specs;

/// <summary>One mistake in a sweep file.</summary>
/// <param name="Path">The place in the document: parameters.dropout.max.</param>
/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column, counted from 1.</param>
/// <param name="Value">The text that stands there.</param>
/// <param name="Rule">The rule that is broken: "is outside 0..1".</param>
/// <param name="Remedy">The remedy: "Use a rate below 1.".</param>
public sealed record SpecError(string Path, int Line, int Column, string Value, string Rule, string Remedy)
{
    /// <summary>The mistake in one line: parameters.dropout.max: 1.5 is outside 0..1 (sweep.yaml:14:12). Use a rate below 1.</summary>
    public string Describe(string file) => $"{Path}: {Value} {Rule} ({file}:{Line}:{Column}). {Remedy}";
}
