namespace Grains.Training;

/// <summary>The paths and block versions that a silo has to train with. Silos tell them to the lease broker as text.</summary>
/// <param name="text">The names of what it has, apart by spaces; null for a silo of a release that named nothing.</param>
public sealed class CodeOffer(string? text)
{
    private readonly string[] _has = text?.Split(' ') ?? [];

    /// <summary>The code of this process.</summary>
    public static CodeOffer Own { get; } = new(string.Join(' ', NumericPath.Offered));

    public string? Text => text;

    /// <summary>What a recipe of this numeric path needs and the silo does not have; empty when the silo can train it.</summary>
    public IReadOnlyList<string> Lacks(string path) => [.. NumericPath.Needs(path).Except(_has)];

    /// <summary>The silo's own versions of what it lacks, such as "adam:1 and no gelu".</summary>
    public string Instead(IEnumerable<string> lacks) => text is null
        ? "the code of an earlier release"
        : string.Join(" and ", lacks.Select(Instead).Distinct());

    private string Instead(string lack)
    {
        int colon = lack.IndexOf(':', StringComparison.Ordinal);
        if (lack.Contains('/', StringComparison.Ordinal) || colon < 0) return "other code";
        return Array.Find(_has, h => h.StartsWith(lack[..(colon + 1)], StringComparison.Ordinal)) ?? $"no {lack[..colon]}";
    }
}
