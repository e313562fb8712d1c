using System.Collections.Immutable;
using Grains.Interfaces.Model.Randomness;
using Grains.Search.Numerics;
using Grains.Search.Samplers.GaussianProcess;
using MathNet.Numerics.LinearAlgebra;

namespace Tests.Unit.Search;

public sealed class NumericsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(100)]
    public void FactorAndInverseAreThoseOfMathNet(int n)
    {
        var expected = Positive(n);
        var factor = new Factorization(n);
        for (int i = 0; i < n; i++) for (int j = i; j < n; j++) factor.Matrix[i, j] = expected[i, j];
        Assert.True(factor.Factorize());
        var inverse = new PaddedMatrix(n, n);
        factor.InvertUpper(inverse);

        var known = expected.Inverse();
        for (int i = 0; i < n; i++) for (int j = i; j < n; j++) Assert.Equal(known[i, j], inverse[i, j], 1e-9);
        Assert.Equal(expected.Cholesky().DeterminantLn / 2, factor.HalfLogDeterminant, 1e-9);
        double[] y = [.. Enumerable.Range(0, n).Select(i => Math.Sin(i))];
        Assert.Equal(known.Multiply(Vector<double>.Build.Dense(y)), factor.Solve(y)[..n], (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void AMatrixThatIsNotPositiveIsRefused()
    {
        var factor = new Factorization(2);
        (factor.Matrix[0, 0], factor.Matrix[0, 1], factor.Matrix[1, 1]) = (1, 2, 1);
        Assert.False(factor.Factorize());
    }

    [Fact]
    public void AMinimumOnABoundIsMetExactly()
    {
        double[] x = [0.5, 0.5, 0.5];
        BoundedDescent.Minimize((at, slope) =>
        {
            (slope[0], slope[1], slope[2]) = (1 + at[1], at[0] + 20 * (at[1] - 0.3), -1);
            return at[0] + at[0] * at[1] + 10 * (at[1] - 0.3) * (at[1] - 0.3) - at[2];
        }, x, [0, 0, 0], [1, 1, 1], 100, 1e-9);
        Assert.Equal([0, 1], [x[0], x[2]]);
        Assert.Equal(0.3, x[1], 1e-6);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(-2)]
    [InlineData(-4.999)]
    [InlineData(-5.001)]
    [InlineData(-30)]
    [InlineData(-1000)]
    public void TheLogarithmOfTheImprovementHasItsSlopes(double z)
    {
        const double step = 1e-5;
        var here = Improvement.Of(-z, 1, 0);
        double scale = Math.Max(1, Math.Abs(here.ByMean));
        Assert.Equal((Improvement.Of(-z + step, 1, 0).Log - Improvement.Of(-z - step, 1, 0).Log) / (2 * step), here.ByMean, scale * 1e-4);
        scale = Math.Max(1, Math.Abs(here.ByDeviation));
        Assert.Equal((Improvement.Of(-z, 1 + step, 0).Log - Improvement.Of(-z, 1 - step, 0).Log) / (2 * step), here.ByDeviation, scale * 1e-4);
    }

    [Fact]
    public void TheTailOfTheImprovementContinuesIt() =>
        Assert.Equal(Improvement.Of(5 - 1e-9, 1, 0).Log, Improvement.Of(5 + 1e-9, 1, 0).Log, 1e-6);

    [Fact]
    public void AModelGoesThroughItsValuesAndHasItsSlopes()
    {
        var stream = KeyedStream.Of(1, 0, "model");
        double[][] points = [.. Enumerable.Range(0, 40).Select(_ => new[] { stream.NextDouble(), stream.NextDouble(), stream.NextInt(2) })];
        double[] values = [.. points.Select(p => Math.Sin(3 * p[0]) + p[1] * p[1] + p[2])];
        var columns = new PaddedMatrix(3, points.Length);
        for (int j = 0; j < points.Length; j++) for (int d = 0; d < 3; d++) columns[d, j] = points[j][d];
        ImmutableArray<bool> isCategory = [false, false, true];
        var kernel = Likelihood.Fit(columns, isCategory, values, new Kernel(isCategory, [1, 1, 1], 1, 1e-2), 60);
        var model = new Model(kernel, columns, values);

        double[] meanSlope = new double[3], deviationSlope = new double[3], ignored = new double[3];
        double[] means = new double[40], deviations = new double[40];
        model.At(points, means, deviations);
        for (int j = 0; j < points.Length; j++)
        {
            Assert.Equal(values[j], means[j], 0.02);
            var (mean, deviation) = model.At(points[j], ignored, ignored);
            Assert.Equal(means[j], mean, 1e-8);
            Assert.Equal(deviations[j], deviation, 1e-4);
        }
        double[] at = [0.41, 0.63, 1];
        model.At(at, meanSlope, deviationSlope);
        for (int d = 0; d < 2; d++)
        {
            double[] above = [.. at], below = [.. at];
            above[d] += 1e-5;
            below[d] -= 1e-5;
            var (high, low) = (model.At(above, ignored, ignored), model.At(below, ignored, ignored));
            Assert.Equal((high.Mean - low.Mean) / 2e-5, meanSlope[d], 1e-4);
            Assert.Equal((high.Deviation - low.Deviation) / 2e-5, deviationSlope[d], 1e-2);
        }
    }

    private static Matrix<double> Positive(int n) =>
        Matrix<double>.Build.Dense(n, n, (i, j) => Math.Exp(-Math.Abs(i - j) / 7.0) + (i == j ? 0.1 : 0));
}
