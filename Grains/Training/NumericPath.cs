using Grains.Interfaces.Model;

namespace Grains.Training;

/// <summary>
/// Names the code that makes a recipe's numbers: the program, the path through it, the threads, and the blocks that the configuration uses
/// with their versions, in ordinal order. An example is "classifier/explicit/threads=1/activation:1,adam:1,dense:1,…".
/// </summary>
public static class NumericPath
{
    /// <summary>The path of every program of a user's: the numbers come from its files, and from the protocol that it is run by.</summary>
    public const string Command = "command/1";

    /// <summary>The path of curves that were recorded elsewhere.</summary>
    public const string Recorded = "recorded/1";

    private const string Explicit = "classifier/explicit/threads=1", Autograd = "classifier/autograd/threads=1";

    /// <summary>
    /// The hashes of sources that stood in recipes before blocks had versions ("027…/threads=1/path=explicit"). The code behind these gave
    /// the numbers that all blocks give at version 1.
    /// </summary>
    private static readonly string[] s_earlierCodes = ["027596d00df25e06"];

    /// <summary>The path a configuration takes: in float32 the one with written-out derivatives, autograd for the rest.</summary>
    public static string Of(Configuration configuration) => configuration.Precision == Precision.Float32
        ? Name(Explicit, NumericBlocks.OfExplicit(configuration))
        : General(configuration);

    /// <summary>The general path, which every configuration can take and to which others are compared.</summary>
    public static string General(Configuration configuration) => Name(Autograd, NumericBlocks.OfAutograd(configuration));

    /// <summary>Everything that a recipe's path may ask of this program.</summary>
    internal static IEnumerable<string> Offered =>
    [
        Explicit,
        Autograd,
        Command,
        Recorded,
        .. NumericBlocks.All.Select(b => b.ToString()),
        .. NumericBlocks.Named.All(b => b.Version == 1) ? s_earlierCodes.SelectMany(Earlier) : [],
    ];

    /// <summary>
    /// What a silo must have to train a recipe of this path: the way through the program, and each block at its version. An empty path
    /// needs nothing.
    /// </summary>
    internal static IReadOnlyList<string> Needs(string path)
    {
        if (path.Length == 0) return [];
        int end = path.LastIndexOf('/');
        string[] blocks = path[(end + 1)..].Split(',');
        return blocks.All(b => b.Contains(':', StringComparison.Ordinal)) ? [path[..Math.Max(end, 0)], .. blocks] : [path];
    }

    internal static bool IsExplicit(string path) =>
        path.StartsWith($"{Explicit}/", StringComparison.Ordinal) || path.EndsWith("/path=explicit", StringComparison.Ordinal);

    private static string Name(string way, IEnumerable<NumericBlock> blocks) =>
        $"{way}/{string.Join(',', blocks.Select(b => b.ToString()).Order(StringComparer.Ordinal))}";

    private static string[] Earlier(string code) => [$"{code}/threads=1/path=explicit", $"{code}/threads=1/path=autograd"];
}
