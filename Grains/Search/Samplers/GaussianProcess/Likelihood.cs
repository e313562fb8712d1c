using System.Collections.Immutable;
using Grains.Search.Numerics;

namespace Grains.Search.Samplers.GaussianProcess;

/// <summary>
/// Fits the kernel: the most probable parameters under the priors of Optuna 5's GP sampler (github.com/optuna/optuna,
/// optuna/_gp/prior.py), which are −0.1(w + 1/w) in the log for each weight, Γ(2, 1) for the scale and Γ(1.1, 30) for the noise. The noise
/// is at least 1e-6. The values are standardized.
/// </summary>
internal sealed class Likelihood
{
    private const double LeastNoise = 1e-6, Span = 9;

    private readonly PaddedMatrix _points;
    private readonly ImmutableArray<bool> _isCategory;
    private readonly double[] _values;
    private readonly Factorization _factor;
    private readonly PaddedMatrix _slopes, _inverse;
    private readonly double[] _row, _point;

    private Likelihood(PaddedMatrix points, ImmutableArray<bool> isCategory, double[] values)
    {
        (_points, _isCategory, _values) = (points, isCategory, values);
        int n = values.Length;
        (_factor, _slopes, _inverse) = (new Factorization(n), new PaddedMatrix(n, n), new PaddedMatrix(n, n));
        (_row, _point) = (new double[points.Stride], new double[points.Rows]);
    }

    /// <summary>The most probable kernel for standardized values at points, which are columns.</summary>
    /// <param name="start">The kernel to begin with.</param>
    /// <param name="evaluations">The most evaluations of the likelihood.</param>
    public static Kernel Fit(PaddedMatrix points, ImmutableArray<bool> isCategory, double[] values, Kernel start, int evaluations)
    {
        int d = points.Rows;
        double[] x = [.. start.Weights.Select(w => Math.Log(w)), Math.Log(start.Scale), Math.Log(Math.Max(start.Noise - LeastNoise, 1e-7))];
        var lower = new double[d + 2];
        var upper = new double[d + 2];
        Array.Fill(lower, -Span);
        Array.Fill(upper, Span);
        (lower[d + 1], upper[d + 1]) = (Math.Log(1e-8), 0);
        var likelihood = new Likelihood(points, isCategory, values);
        BoundedDescent.Minimize(likelihood.Evaluate, x, lower, upper, evaluations, 0.02);
        return likelihood.KernelOf(x);
    }

    private Kernel KernelOf(ReadOnlySpan<double> x)
    {
        int d = _points.Rows;
        var weights = new double[d];
        for (int i = 0; i < d; i++) weights[i] = Math.Exp(x[i]);
        return new Kernel(_isCategory, weights, Math.Exp(x[d]), Math.Exp(x[d + 1]) + LeastNoise);
    }

    /// <summary>
    /// The negative log posterior of the parameters' logarithms, with its gradient (Rasmussen and Williams 2006, equation 5.9).
    /// </summary>
    private double Evaluate(ReadOnlySpan<double> x, Span<double> slope)
    {
        int n = _values.Length, d = _points.Rows;
        var kernel = KernelOf(x);
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < d; k++) _point[k] = _points[k, i];
            kernel.Row(_point, _points, i, _factor.Matrix.Row(i), _slopes.Row(i));
            _factor.Matrix[i, i] += kernel.Noise;
        }
        if (!_factor.Factorize()) return double.PositiveInfinity;
        double[] alpha = _factor.Solve(_values);
        _factor.InvertUpper(_inverse);

        double fit = 0, trace = 0, square = 0;
        var weighted = new double[d];
        for (int i = 0; i < n; i++)
        {
            fit += alpha[i] * _values[i];
            square += alpha[i] * alpha[i];
            trace += _inverse[i, i];
            AddDistances(i, alpha, weighted);
        }
        double value = _factor.HalfLogDeterminant + fit / 2;
        for (int k = 0; k < d; k++)
        {
            double w = kernel.Weights[k];
            value += 0.1 * (w + 1 / w);
            slope[k] = -w * weighted[k] + 0.1 * (w - 1 / w);
        }
        double bare = kernel.Noise - LeastNoise;
        value += kernel.Scale - Math.Log(kernel.Scale) + 30 * kernel.Noise - 0.1 * Math.Log(kernel.Noise);
        slope[d] = -(fit - kernel.Noise * square - n + kernel.Noise * trace) / 2 + kernel.Scale - 1;
        slope[d + 1] = bare * (-(square - trace) / 2 + 30 - 0.1 / kernel.Noise);
        return value;
    }

    /// <summary>Adds Σ_j (α_iα_j − K⁻¹_ij)·∂k_ij/∂r²·(x_di − x_dj)² over the later points to each feature d.</summary>
    private void AddDistances(int i, double[] alpha, double[] weighted)
    {
        int n = _values.Length;
        var slopes = _slopes.Row(i);
        var inverse = _inverse.Row(i);
        for (int j = i + 1; j < n; j++) _row[j] = (alpha[i] * alpha[j] - inverse[j]) * slopes[j];
        for (int k = 0; k < weighted.Length; k++)
        {
            var x = _points.Row(k);
            double here = x[i];
            weighted[k] += _isCategory[k]
                ? Vectors.WeightedDifferences(_row.AsSpan(i + 1, n - i - 1), x.Slice(i + 1, n - i - 1), here)
                : Vectors.WeightedSquares(_row.AsSpan(i + 1, n - i - 1), x.Slice(i + 1, n - i - 1), here);
        }
    }
}
