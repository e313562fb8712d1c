namespace Grains.Interfaces.Model.Metrics;

/// <summary>The results of one epoch of a training. They are a function of the recipe, except for <see cref="Seconds"/>.</summary>
[GenerateSerializer, Immutable, Alias("Measurement")]
public sealed record Measurement
{
    /// <summary>The epoch, counted from 1.</summary>
    [Id(0)] public required int Epoch { get; init; }

    /// <summary>The values of the program's metrics.</summary>
    [Id(1)] public required MetricValues Values { get; init; }

    /// <summary>The wall time of the epoch with its evaluation.</summary>
    [Id(2)] public required double Seconds { get; init; }

    [Id(3)] public CountTables Counts { get; init; } = CountTables.None;

    /// <summary>Whether two measurements have the same bits in everything that the recipe determines.</summary>
    public bool SameNumbers(Measurement other) => Epoch == other.Epoch && Values == other.Values && Counts == other.Counts;
}

/// <summary>The IEEE-754 bits with one canonical NaN and one zero.</summary>
public static class Bits
{
    public static long Of(double value) =>
        double.IsNaN(value) ? 0x7FF8000000000000 : value == 0 ? 0 : BitConverter.DoubleToInt64Bits(value);
}
