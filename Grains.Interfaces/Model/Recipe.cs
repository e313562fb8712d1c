using System.Text.Json;

namespace Grains.Interfaces.Model;

/// <summary>
/// Everything that determines a training's numbers, and nothing else. Its digest names the training. The budget is not in it: 25 and 40
/// epochs are two demands on one training.
/// </summary>
public sealed record Recipe
{
    public required Configuration Configuration { get; init; }

    public required DataIdentity Data { get; init; }

    /// <summary>The sweep's seed. With <see cref="Replicate"/> it is the root of every random stream.</summary>
    public required long Seed { get; init; }

    /// <summary>The replicate, counted from 1.</summary>
    public required int Replicate { get; init; }

    /// <summary>The safetensors file that the weights start from.</summary>
    public required Digest InitialCheckpoint { get; init; }

    /// <summary>
    /// Names the code and the settings (threads, precision paths) from which the numbers come. Another path may give other bits.
    /// </summary>
    public required string NumericPath { get; init; }

    /// <summary>The place where another training was left for this one; null for a training from the first weights.</summary>
    public Fork? Fork { get; init; }

    /// <summary>
    /// Reads nothing but the numeric path from a recipe's JSON, which a later release may have written; empty when it names none.
    /// </summary>
    public static string NumericPathOf(string json)
    {
        using var recipe = JsonDocument.Parse(json);
        return recipe.RootElement.TryGetProperty("numeric_path", out var path) ? path.GetString() ?? "" : "";
    }

    /// <summary>The SHA-256 of the canonical JSON.</summary>
    public Digest Digest() => Canonical.DigestOf(this);
}
