using Grains.Interfaces.Model;

namespace Grains.Storage.Journal;

/// <summary>The kinds of lifecycle events that somebody reads again. The others, such as "Completed", are only told to watchers.</summary>
public static class SweepEvents
{
    public const string Submitted = "Submitted";

    /// <summary>
    /// A preparation has begun; the reason is the silo's generation. The end of that silo tells whether the preparation was at fault.
    /// </summary>
    public const string Preparing = "Preparing";

    /// <summary>A preparation broke off; the reason says how.</summary>
    public const string PreparationBroke = "PreparationBroke";

    /// <summary>An extension was asked for; the reason is an <see cref="AskedExtension"/>.</summary>
    public const string ExtensionAsked = "ExtensionAsked";

    /// <summary>The sweep was extended; the reason is the <see cref="SweepExtension"/>, so that the next one begins there.</summary>
    public const string Extended = "SweepExtended";

    public const string ExtensionFailed = "ExtensionFailed";

    /// <summary>A trial came with an extension.</summary>
    public const string Added = "Added";

    /// <summary>A search proposed a trial.</summary>
    public const string Proposed = "Proposed";

    /// <summary>A search proposes no more points, although it was asked for more; the reason says why.</summary>
    public const string SearchEnded = "SearchEnded";

    /// <summary>A search let a trial go on; the reason says how far.</summary>
    public const string Promoted = "Promoted";

    /// <summary>The reason says what a person should know of the sweep's data.</summary>
    public const string Noted = "Noted";

    /// <summary>An event as a person is told of it: its kind and its reason. Null for what only the cluster counts.</summary>
    public static (string Kind, string? Reason)? Told(EventRow change) => change.Kind switch
    {
        Preparing => null,
        ExtensionAsked when Canonical.Read<AskedExtension>(change.Reason!) is var asked => (change.Kind, $"{asked.Longer} trials longer, {asked.Added} new"),
        Extended => (change.Kind, Text(Canonical.Read<SweepExtension>(change.Reason!))),
        _ => (change.Kind, change.Reason),
    };

    private static string Text(SweepExtension to)
    {
        (string Name, int? Value)[] parts = [("epochs", to.Epochs), ("trials", to.Trials), ("replicates", to.Replicates)];
        return string.Join(", ", parts.Where(p => p.Value is not null).Select(p => $"{p.Name} {p.Value}"));
    }
}

/// <summary>A request to extend a sweep, and its answer.</summary>
/// <param name="Key">The name of the request. A repeat under it gets the same answer.</param>
/// <param name="Longer">Trials that get more epochs.</param>
/// <param name="Added">Trials that are new.</param>
public sealed record AskedExtension(string Key, SweepExtension Extension, int Longer, int Added);
