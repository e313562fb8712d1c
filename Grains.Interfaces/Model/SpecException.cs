namespace Grains.Interfaces.Model;

/// <summary>What a user asked for cannot be done. The message names the value, the rule and the remedy, and is shown as it is.</summary>
// Inside a stream's answer Orleans has no fallback codec for exceptions: without its own the caller would see CodecNotFoundException.
[GenerateSerializer, Alias("SpecException")]
public sealed class SpecException(string message) : Exception(message);
