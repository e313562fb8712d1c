namespace Grains.Training;

/// <summary>Cuts an epoch into updates.</summary>
public static class Batches
{
    /// <summary>
    /// Returns the batches of <paramref name="count"/> samples. A last batch of one sample joins the one before it, because it has no
    /// variance to normalize by.
    /// </summary>
    /// <param name="size">The number of samples per update; null for all at once.</param>
    public static IEnumerable<(int Start, int Length)> Of(int count, int? size)
    {
        int length = Math.Min(size ?? count, count);
        for (int start = 0; start < count;)
        {
            int left = count - start;
            int take = left <= length || (left == length + 1 && length > 1) ? left : length;
            yield return (start, take);
            start += take;
        }
    }
}
