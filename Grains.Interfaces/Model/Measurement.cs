namespace Grains.Interfaces.Model;

/// <summary>The results of one epoch of a training. They are a function of the recipe, except for <see cref="Seconds"/>.</summary>
[GenerateSerializer, Immutable, Alias("Measurement")]
public sealed record Measurement
{
    /// <summary>The epoch, counted from 1.</summary>
    [Id(0)] public required int Epoch { get; init; }

    /// <summary>The loss and counts in training mode: the running mean over the epoch's batches.</summary>
    [Id(1)] public required SplitResult Train { get; init; }

    [Id(2)] public required SplitResult Validation { get; init; }

    /// <summary>The result on the test split, which is recorded and never used to choose.</summary>
    [Id(3)] public required SplitResult Test { get; init; }

    /// <summary>The L2 penalty λ·Σw² at the end of the epoch, apart from the losses; 0 without one.</summary>
    [Id(4)] public required double Penalty { get; init; }

    /// <summary>The wall time of the epoch with its evaluation.</summary>
    [Id(5)] public required double Seconds { get; init; }

    /// <summary>The number of images trained on in this epoch.</summary>
    [Id(6)] public required long Samples { get; init; }

    /// <summary>The validation counts, row = true class, column = predicted, row by row; empty where nothing was classified.</summary>
    [Id(7)] public int[] ValidationConfusion { get; init; } = [];

    /// <summary>The counts of the test split, in the same form.</summary>
    [Id(8)] public int[] TestConfusion { get; init; } = [];

    /// <summary>Whether two measurements have the same bits in everything that the recipe determines.</summary>
    public bool SameNumbers(Measurement other) =>
        Epoch == other.Epoch && Samples == other.Samples
        && Train.SameBits(other.Train) && Validation.SameBits(other.Validation) && Test.SameBits(other.Test)
        && Bits.Of(Penalty) == Bits.Of(other.Penalty)
        && ValidationConfusion.AsSpan().SequenceEqual(other.ValidationConfusion)
        && TestConfusion.AsSpan().SequenceEqual(other.TestConfusion);
}

/// <summary>Mean cross-entropy per image (nats) and exact counts. An empty split has 0 of 0 and a loss of 0.</summary>
[GenerateSerializer, Immutable, Alias("SplitResult")]
public readonly record struct SplitResult([property: Id(0)] double Loss, [property: Id(1)] int Correct, [property: Id(2)] int Total)
{
    public double Accuracy => Total == 0 ? 0 : (double)Correct / Total;

    public bool SameBits(SplitResult other) => Bits.Of(Loss) == Bits.Of(other.Loss) && Correct == other.Correct && Total == other.Total;
}

/// <summary>The IEEE-754 bits with one canonical NaN and one zero. SQLite keeps neither the kinds of NaN nor the sign of zero.</summary>
public static class Bits
{
    public static long Of(double value) =>
        double.IsNaN(value) ? 0x7FF8000000000000 : value == 0 ? 0 : BitConverter.DoubleToInt64Bits(value);
}
