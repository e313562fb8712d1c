using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model;

/// <summary>The name of one sweep. It has lower-case letters, digits and dashes: the sweep's name and a few random characters.</summary>
[GenerateSerializer, Immutable, Alias("SweepId")]
public readonly record struct SweepId([property: Id(0)] string Value)
{
    public override string ToString() => Value;
}

/// <summary>The name of one row of a sweep. Numbers count from 1 in the order in which the trials were proposed.</summary>
[GenerateSerializer, Immutable, Alias("TrialId")]
public readonly record struct TrialId([property: Id(0)] SweepId Sweep, [property: Id(1)] int Number)
{
    public override string ToString() => $"{Sweep}/{Number}";
}

/// <summary>A SHA-256, as 64 lower-case hexadecimal digits. It names a recipe, a checkpoint, a data set or a result.</summary>
[GenerateSerializer, Immutable, Alias("Digest")]
[JsonConverter(typeof(DigestJsonConverter))]
public readonly record struct Digest([property: Id(0)] string Value)
{
    /// <summary>The first twelve digits, which are enough for a person to tell digests apart.</summary>
    public string Short => Value[..12];

    public static Digest Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)));

    public override string ToString() => Value;
}
