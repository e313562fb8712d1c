using Grains.Interfaces.Model;

namespace Grains.Storage.Journal;

/// <summary>Kinds of lifecycle events that somebody reads again. The others, such as "Completed", are told to whoever watches.</summary>
public static class SweepEvents
{
    public const string Submitted = "Submitted";

    /// <summary>A preparation has begun; the reason is the silo's generation. How that silo ended tells whether it was the preparation's fault.</summary>
    public const string Preparing = "Preparing";

    /// <summary>A preparation broke off; the reason says how.</summary>
    public const string PreparationBroke = "PreparationBroke";

    /// <summary>The reason is an <see cref="AskedExtension"/>.</summary>
    public const string ExtensionAsked = "ExtensionAsked";

    /// <summary>The reason is the <see cref="SweepExtension"/>, so that the next one begins there.</summary>
    public const string Extended = "SweepExtended";

    public const string ExtensionFailed = "ExtensionFailed";

    /// <summary>The reason is what a person should know of the sweep's data.</summary>
    public const string Noted = "Noted";
}

/// <summary>A request to extend a sweep, with what was answered.</summary>
/// <param name="Key">Names the request: its repeat is answered alike.</param>
/// <param name="Longer">Trials that get more epochs.</param>
/// <param name="Added">Trials that are new.</param>
public sealed record AskedExtension(string Key, SweepExtension Extension, int Longer, int Added);
