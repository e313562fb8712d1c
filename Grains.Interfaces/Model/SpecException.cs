namespace Grains.Interfaces.Model;

/// <summary>A user's request cannot be fulfilled. The message names the value, the rule and the remedy, and is shown as it is.</summary>
// Inside a stream's answer Orleans has no fallback codec for exceptions. Without a codec of its own the caller would see
// CodecNotFoundException.
[GenerateSerializer, Alias("SpecException")]
public sealed class SpecException(string message) : Exception(message);
