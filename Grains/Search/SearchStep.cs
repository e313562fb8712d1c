using Grains.Interfaces.Model.Specs;

namespace Grains.Search;

/// <summary>A decision of a search, in logical order. A closed family.</summary>
/// <param name="Point">The index of the point, counted from 0.</param>
public abstract record SearchStep(int Point)
{
    /// <summary>A new point.</summary>
    public sealed record Propose(int Point, PlannedPoint What) : SearchStep(Point);

    /// <summary>The point is to be trained up to so many epochs.</summary>
    public sealed record Go(int Point, int Epochs) : SearchStep(Point);

    /// <summary>The point goes no further.</summary>
    public sealed record Stop(int Point, int Epochs, string Reason) : SearchStep(Point);
}
