using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Grains.Search.Numerics;

namespace Grains.Search.Samplers.GaussianProcess;

/// <summary>
/// A Gaussian process that has seen values (Rasmussen and Williams 2006, Algorithm 2.1). Its mean and variance are those of the function
/// without noise.
/// </summary>
internal sealed class Model
{
    private const int Lanes = 16;
    private const double LeastVariance = 1e-14;

    private readonly Kernel _kernel;
    private readonly PaddedMatrix _points;
    private readonly Factorization _factor;
    private readonly double[] _alpha, _values, _slopes, _z, _v, _row;
    private readonly PaddedMatrix _lanes;

    /// <param name="points">The points as columns.</param>
    /// <param name="values">The standardized values at the points.</param>
    public Model(Kernel kernel, PaddedMatrix points, double[] values)
    {
        (_kernel, _points) = (kernel, points);
        int n = values.Length;
        _factor = new Factorization(n);
        var point = new double[points.Rows];
        var slopes = new double[points.Stride];
        // Points that are nearly equal may need more than the noise to be told apart by the arithmetic.
        double jitter = kernel.Noise;
        do
        {
            for (int i = 0; i < n; i++)
            {
                for (int k = 0; k < point.Length; k++) point[k] = points[k, i];
                kernel.Row(point, points, i, _factor.Matrix.Row(i), slopes);
                _factor.Matrix[i, i] += jitter;
            }
            jitter *= 10;
        }
        while (!_factor.Factorize());
        _alpha = _factor.Solve(values);
        (_values, _slopes, _z, _v, _row) =
            (new double[points.Stride], slopes, new double[points.Stride], new double[points.Stride], new double[points.Stride]);
        _lanes = new PaddedMatrix(n, Lanes);
    }

    public Kernel Kernel => _kernel;

    /// <summary>The mean and the standard deviation at a point, and their gradients.</summary>
    public (double Mean, double Deviation) At(ReadOnlySpan<double> point, Span<double> meanSlope, Span<double> deviationSlope)
    {
        int n = _factor.Size;
        _kernel.Row(point, _points, 0, _values, _slopes);
        _factor.Multiply(_values, _z);
        _factor.MultiplyTransposed(_z.AsSpan(0, n), _v);
        double mean = Vectors.Dot(_alpha.AsSpan(0, n), _values.AsSpan(0, n));
        double variance = Math.Max(_kernel.Scale - Vectors.Dot(_z.AsSpan(0, n), _z.AsSpan(0, n)), LeastVariance);
        double deviation = Math.Sqrt(variance);
        for (int d = 0; d < point.Length; d++)
        {
            double byMean = 0, byVariance = 0;
            if (!_kernel.IsCategory[d])
            {
                var x = _points.Row(d);
                for (int j = 0; j < n; j++)
                {
                    double change = _slopes[j] * (point[d] - x[j]);
                    byMean += _alpha[j] * change;
                    byVariance -= _v[j] * change;
                }
            }
            meanSlope[d] = 2 * _kernel.Weights[d] * byMean;
            deviationSlope[d] = 2 * _kernel.Weights[d] * byVariance / deviation;
        }
        return (mean, deviation);
    }

    /// <summary>Writes the means and standard deviations at many points.</summary>
    public void At(IReadOnlyList<double[]> points, Span<double> means, Span<double> deviations)
    {
        var block = new double[_points.Rows * Lanes];
        Span<double> mean = stackalloc double[Lanes], square = stackalloc double[Lanes], z = stackalloc double[Lanes];
        for (int first = 0; first < points.Count; first += Lanes)
        {
            int count = Math.Min(Lanes, points.Count - first);
            for (int d = 0; d < _points.Rows; d++)
                for (int lane = 0; lane < Lanes; lane++) block[d * Lanes + lane] = points[first + Math.Min(lane, count - 1)][d];
            Covariances(block);
            mean.Clear();
            square.Clear();
            PaddedMatrix.Accumulate(mean, 1, _alpha, 1, _lanes, 0, _factor.Size, 0, Lanes - 1);
            for (int i = 0; i < _factor.Size; i++)
            {
                z.Clear();
                PaddedMatrix.Accumulate(z, 1, _factor.W.Row(i), 1, _lanes, 0, i + 1, 0, Lanes - 1);
                for (int lane = 0; lane < Lanes; lane++) square[lane] += z[lane] * z[lane];
            }
            for (int lane = 0; lane < count; lane++)
            {
                means[first + lane] = mean[lane];
                deviations[first + lane] = Math.Sqrt(Math.Max(_kernel.Scale - square[lane], LeastVariance));
            }
        }
    }

    /// <summary>Writes the covariances of the observed points with a block of points that lie side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Covariances(double[] block)
    {
        var scale = Vector256.Create(_kernel.Scale);
        fixed (double* x = block, result = _lanes.Data)
        {
            for (int j = 0; j < _factor.Size; j++)
            {
                for (int lane = 0; lane < Lanes; lane += 4)
                {
                    Vector256<double> squared = default;
                    for (int d = 0; d < _points.Rows; d++)
                    {
                        var here = Vector256.Create(_points.Data[d * _points.Stride + j]);
                        var there = Vector256.Load(x + d * Lanes + lane);
                        var weight = Vector256.Create(_kernel.Weights[d]);
                        squared = _kernel.IsCategory[d]
                            ? squared + Vector256.ConditionalSelect(Vector256.Equals(there, here), default, weight)
                            : Vector256.FusedMultiplyAdd((there - here) * weight, there - here, squared);
                    }
                    Kernel.Of(squared, scale).Value.Store(result + j * Lanes + lane);
                }
            }
        }
    }
}
