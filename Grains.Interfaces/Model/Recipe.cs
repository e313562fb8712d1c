using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>
/// Everything that determines a training's numbers, and nothing else. Its digest names the training. The budget is not in it: 25 and 40
/// epochs are two demands on one training. It is a closed family, one member per kind of program.
/// </summary>
public abstract record Recipe
{
    /// <summary>The sweep's seed. With <see cref="Replicate"/> it is the root of every random stream.</summary>
    public required long Seed { get; init; }

    /// <summary>The replicate, counted from 1.</summary>
    public required int Replicate { get; init; }

    /// <summary>The stored bytes that every trial starts from: the classifier's safetensors file, or the packed files of a program.</summary>
    public required Digest InitialCheckpoint { get; init; }

    /// <summary>
    /// Names the code and the settings (threads, precision paths) from which the numbers come. Another path may give other bits.
    /// </summary>
    public required string NumericPath { get; init; }

    /// <summary>The place where another training was left for this one; null for a training from the first weights.</summary>
    public Fork? Fork { get; init; }

    /// <summary>The settings of its program.</summary>
    [JsonIgnore] public abstract ProgramConfiguration Settings { get; }

    /// <summary>Whether the same recipe always gives the same bits.</summary>
    [JsonIgnore] public virtual bool Repeats => true;

    /// <summary>Reads a recipe from its canonical JSON, whose keys are in order: the first tells the kind.</summary>
    public static Recipe Read(string json) =>
        json.StartsWith("""{"command":""", StringComparison.Ordinal) ? Canonical.Read<CommandRecipe>(json)
        : json.StartsWith("""{"configuration":""", StringComparison.Ordinal) ? Canonical.Read<ClassifierRecipe>(json)
        : Canonical.Read<RecordedRecipe>(json);

    /// <summary>
    /// Reads nothing but the numeric path from a recipe's JSON, which a later release may have written; empty when it names none.
    /// </summary>
    public static string NumericPathOf(string json)
    {
        using var recipe = JsonDocument.Parse(json);
        return recipe.RootElement.TryGetProperty("numeric_path", out var path) ? path.GetString() ?? "" : "";
    }

    /// <summary>The canonical JSON.</summary>
    public string Json() => Canonical.Json(this);

    /// <summary>The SHA-256 of the canonical JSON.</summary>
    public Digest Digest() => Canonical.DigestOf(this);
}

/// <summary>A recipe of the built-in classifier.</summary>
public sealed record ClassifierRecipe : Recipe
{
    public required Configuration Configuration { get; init; }

    public required DataIdentity Data { get; init; }

    [JsonIgnore] public override ProgramConfiguration Settings => Configuration;
}

/// <summary>A recipe of a program of the user's.</summary>
public sealed record CommandRecipe : Recipe
{
    public required CommandConfiguration Command { get; init; }

    [JsonIgnore] public override ProgramConfiguration Settings => Command;

    [JsonIgnore] public override bool Repeats => Command.Repeatable;
}

/// <summary>A recipe that replays a recorded curve.</summary>
public sealed record RecordedRecipe : Recipe
{
    public required RecordedConfiguration Recorded { get; init; }

    [JsonIgnore] public override ProgramConfiguration Settings => Recorded;
}
