using System.Collections.Immutable;

namespace Grains.Interfaces.Model;

/// <summary>Which recorded curve is replayed.</summary>
public sealed record RecordedConfiguration : ProgramConfiguration
{
    public required string Task { get; init; }

    public required ImmutableSortedDictionary<string, SettingValue> Parameters { get; init; }

    /// <summary>The columns that are replayed, in the order in which they are kept.</summary>
    public required ImmutableArray<string> Metrics { get; init; }

    public required ImmutableArray<RecordedAxis> Axes { get; init; }
}

/// <summary>The part of a sweep's space by which distances between recorded configurations are measured.</summary>
/// <param name="Log">Whether distances are in the logarithm.</param>
public sealed record RecordedAxis(string Name, double Min, double Max, bool Log)
{
    /// <summary>The place of a value in the unit interval.</summary>
    public double Unit(double value) => Max <= Min ? 0 : Log && Min > 0 && value > 0
        ? Math.Log(value / Min) / Math.Log(Max / Min)
        : (value - Min) / (Max - Min);
}
