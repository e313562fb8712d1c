using System.Collections.Immutable;
using Grains.Search.Numerics;

namespace Grains.Search.Samplers.GaussianProcess;

/// <summary>
/// The features by which the kernel compares points: one for each dimension with more than one value. A dimension that does not act stands
/// in the middle of its range, or at a category of its own, so that points of one branch differ by what acts in them.
/// </summary>
internal sealed class Encoding
{
    private const double Middle = 0.5, NoCategory = -1;

    private readonly ImmutableArray<int> _dimensions;

    public Encoding(SearchSpace space)
    {
        _dimensions = [.. Enumerable.Range(0, space.Dimensions.Length).Where(i => space.Dimensions[i].Count > 1)];
        IsCategory = [.. _dimensions.Select(i => !space.Dimensions[i].IsOrdered)];
    }

    /// <summary>The number of features.</summary>
    public int Size => _dimensions.Length;

    /// <summary>Whether a feature is only equal or different.</summary>
    public ImmutableArray<bool> IsCategory { get; }

    /// <summary>The dimension of a feature.</summary>
    public int DimensionOf(int feature) => _dimensions[feature];

    /// <summary>Writes the features of coordinates, NaN where a dimension does not act.</summary>
    public void Write(ReadOnlySpan<double> snapped, Span<double> features)
    {
        for (int f = 0; f < _dimensions.Length; f++)
        {
            double unit = snapped[_dimensions[f]];
            features[f] = !double.IsNaN(unit) ? unit : IsCategory[f] ? NoCategory : Middle;
        }
    }

    /// <summary>The features of points, a row each.</summary>
    public double[][] Of(IEnumerable<SearchPoint> points) => [.. points.Select(p =>
    {
        var features = new double[Size];
        Write([.. p.Unit.Select(u => u ?? double.NaN)], features);
        return features;
    })];

    /// <summary>The features of points as columns.</summary>
    public PaddedMatrix Columns(IReadOnlyList<double[]> points)
    {
        var matrix = new PaddedMatrix(Size, points.Count);
        for (int f = 0; f < Size; f++) for (int j = 0; j < points.Count; j++) matrix[f, j] = points[j][f];
        return matrix;
    }
}
