namespace Grains.Storage.Journal;

/// <summary>A later activation or attempt has taken over. The writes of this one are refused, and it must stop.</summary>
[GenerateSerializer, Alias("FencedException")]
public sealed class FencedException(string message) : Exception(message);
