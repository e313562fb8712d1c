using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Grains.Search.Numerics;

namespace Grains.Search.Samplers.GaussianProcess;

/// <summary>
/// The Matérn 5/2 kernel with a length for each feature: s·(1 + √5r + 5r²/3)·exp(−√5r), r² = Σ w_d (x_d − x'_d)² with w = 1/length². Two
/// categories have the distance 0 or 1.
/// </summary>
/// <param name="Weights">The inverse squared lengths w.</param>
/// <param name="Scale">The variance s.</param>
/// <param name="Noise">The variance of the noise.</param>
internal sealed record Kernel(ImmutableArray<bool> IsCategory, double[] Weights, double Scale, double Noise)
{
    /// <summary>
    /// Writes the covariances of a point with the columns of <paramref name="points"/> from a block on, and their derivatives by r².
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Row(ReadOnlySpan<double> point, PaddedMatrix points, int from, Span<double> values, Span<double> slopes)
    {
        int begin = PaddedMatrix.BlockOf(from), end = points.Stride;
        fixed (double* data = points.Data, k = values, dk = slopes)
        {
            for (int j = begin; j < end; j += 4) default(Vector256<double>).Store(k + j);
            for (int d = 0; d < points.Rows; d++)
            {
                double* x = data + d * (nint)points.Stride;
                var here = Vector256.Create(point[d]);
                var weight = Vector256.Create(Weights[d]);
                if (IsCategory[d])
                {
                    for (int j = begin; j < end; j += 4)
                    {
                        var distance = Vector256.ConditionalSelect(Vector256.Equals(Vector256.Load(x + j), here), default, weight);
                        (Vector256.Load(k + j) + distance).Store(k + j);
                    }
                    continue;
                }
                for (int j = begin; j < end; j += 4)
                {
                    var difference = Vector256.Load(x + j) - here;
                    Vector256.FusedMultiplyAdd(difference * weight, difference, Vector256.Load(k + j)).Store(k + j);
                }
            }
            var scale = Vector256.Create(Scale);
            for (int j = begin; j < end; j += 4)
            {
                var (value, slope) = Of(Vector256.Load(k + j), scale);
                value.Store(k + j);
                slope.Store(dk + j);
            }
        }
    }

    /// <summary>The covariance and its derivative by r².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<double> Value, Vector256<double> Slope) Of(Vector256<double> squared, Vector256<double> scale)
    {
        var distance = Vector256.Sqrt(squared * 5);
        var decay = scale * Vector256.Exp(-distance);
        var linear = Vector256<double>.One + distance;
        return (decay * Vector256.FusedMultiplyAdd(squared, Vector256.Create(5.0 / 3), linear), decay * linear * (-5.0 / 6));
    }
}
