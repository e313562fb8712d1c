namespace Grains.Interfaces.Model;

/// <summary>What a user asked for cannot be done. The message names the value, the rule and the remedy, and is shown as it is.</summary>
[GenerateSerializer, Alias("SpecException")]
public sealed class SpecException(string message) : Exception(message);
