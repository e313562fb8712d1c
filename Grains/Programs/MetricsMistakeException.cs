namespace Grains.Programs;

/// <summary>What a program wrote to its file of metrics breaks the protocol.</summary>
internal sealed class MetricsMistakeException(string message) : Exception(message);
