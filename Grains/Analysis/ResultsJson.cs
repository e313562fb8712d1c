using System.Text.Encodings.Web;
using System.Text.Json;
using Grains.Interfaces.Model.Results;

namespace Grains.Analysis;

/// <summary>
/// Writes `sweep results ID --format json`, as docs/results-json.md promises it: camelCase, enums as names, indented, nulls written out.
/// </summary>
public static class ResultsJson
{
    public static string Write(SweepResults results) => JsonSerializer.Serialize(results, Options);

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        // The text is for terminals and files, not for HTML, so a quotation mark in a reason stays readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
