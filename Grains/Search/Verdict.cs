namespace Grains.Search;

/// <summary>What was decided last of a point. A closed family.</summary>
public abstract record Verdict
{
    /// <summary>The point is trained up to so many epochs, and is looked at then.</summary>
    public sealed record Go(int Epochs) : Verdict;

    /// <summary>The point goes no further than it came.</summary>
    /// <param name="Epochs">The epochs to which it came.</param>
    public sealed record Stop(int Epochs, string Reason) : Verdict;
}
