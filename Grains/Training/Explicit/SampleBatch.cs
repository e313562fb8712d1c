namespace Grains.Training.Explicit;

/// <summary>The samples that pass through a network together.</summary>
/// <param name="Count">The number of samples.</param>
/// <param name="Step">The number of floats from one feature's row to the next. It is whole vectors, except for a sample alone in a dense
/// network.</param>
/// <param name="Update">The number of the update, which keys the dropout; null in evaluation.</param>
internal readonly record struct SampleBatch(int Count, int Step, long? Update)
{
    /// <summary>The number of floats that are computed at once, on every processor.</summary>
    public const int Lanes = 16;

    public static SampleBatch Of(int count, bool images, long? update) =>
        new(count, count == 1 && !images ? 1 : (count + Lanes - 1) / Lanes * Lanes, update);
}

/// <summary>Some channels of a layer, one after the other.</summary>
internal readonly record struct Channels(int First, int Count)
{
    public int End => First + Count;
}
