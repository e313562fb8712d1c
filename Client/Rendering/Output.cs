using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Rendering;

/// <summary>Writes to standard output: tables for people, JSON for programs, plain text when it is no terminal.</summary>
internal static class Output
{
    /// <summary>The number of columns where no window sets a limit. A redirected table is neither cut nor folded.</summary>
    private const int RedirectedWidth = 4000;

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static readonly Lazy<IAnsiConsole> LazyTerminal = new(Create);

    public static bool IsLive => !Console.IsOutputRedirected && Terminal.Profile.Capabilities.Ansi;

    public static IAnsiConsole Terminal => LazyTerminal.Value;

    public static void Write(IRenderable renderable) => Terminal.Write(renderable);

    /// <summary>Writes the text as it is, without markup and folding.</summary>
    public static void Line(string text) => Console.Out.WriteLine(text);

    /// <summary>Writes the text as it is on the given console.</summary>
    public static void Line(this IAnsiConsole console, string text) => console.Profile.Out.Writer.WriteLine(text);

    /// <summary>Writes to standard error, because the text is no part of the answer.</summary>
    public static void Warning(string text) => Console.Error.WriteLine($"Warning: {text}");

    public static void Raw(string text) => Console.Out.Write(text);

    public static void Json(object value) => Line(JsonSerializer.Serialize(value, JsonOptions));

    private static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected) return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        console.Profile.Width = RedirectedWidth;
        return console;
    }
}
