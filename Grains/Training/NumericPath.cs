using Grains.Interfaces.Model;

namespace Grains.Training;

/// <summary>
/// Names the code that makes the numbers: the hash of its sources, written by deploy/build/NumericPath.targets at build. Data readers are
/// not in it: what they make has a digest of its own.
/// </summary>
public static partial class NumericPath
{
    private const string Explicit = "/path=explicit", Autograd = "/path=autograd";

    /// <summary>The path a configuration takes: "explicit", derivatives written out, in float32; "autograd" for the rest.</summary>
    public static string Of(Configuration configuration) =>
        $"{Code}/threads=1{(configuration.Precision == Precision.Float32 ? Explicit : Autograd)}";

    /// <summary>The general path, which every configuration can take: what others are compared to.</summary>
    public static string General => $"{Code}/threads=1{Autograd}";

    internal static bool IsExplicit(string path) => path.EndsWith(Explicit, StringComparison.Ordinal);
}
