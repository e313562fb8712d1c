using System.Text.Encodings.Web;
using System.Text.Json;

namespace Grains.Interfaces.Model.Views;

/// <summary>
/// Writes views as JSON, for the command line and for pages alike: snake_case, enums as words, indented, nulls written out.
/// </summary>
public static class ViewJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        // The text is for terminals and files, not for HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T view) => JsonSerializer.Serialize(view, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;
}
