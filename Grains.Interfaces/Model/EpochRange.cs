using System.Collections.Immutable;

namespace Grains.Interfaces.Model;

/// <summary>The epochs <paramref name="From"/> to <paramref name="To"/>, both included.</summary>
[GenerateSerializer, Immutable, Alias("EpochRange")]
public readonly record struct EpochRange([property: Id(0)] int From, [property: Id(1)] int To)
{
    /// <summary>The fewest ranges that hold exactly these epochs, ascending.</summary>
    public static ImmutableArray<EpochRange> Of(IEnumerable<int> epochs)
    {
        var ranges = ImmutableArray.CreateBuilder<EpochRange>();
        foreach (int epoch in epochs.Order())
        {
            if (ranges.Count > 0 && epoch <= ranges[^1].To + 1) ranges[^1] = ranges[^1] with { To = epoch };
            else ranges.Add(new EpochRange(epoch, epoch));
        }
        return ranges.ToImmutable();
    }

    public override string ToString() => From == To ? $"{From}" : $"{From}–{To}";
}
