using Grains.Interfaces.Model.Randomness;
using MathNet.Numerics.LinearAlgebra;

namespace Grains.Search.Samplers.CmaEs;

/// <summary>
/// The state of the strategy (Hansen 2016, "The CMA evolution strategy: a tutorial", figure 6): mean, step, covariance and the two paths,
/// with the default parameters of that text.
/// </summary>
internal sealed class Evolution
{
    private const double Smallest = 1e-4, FirstStep = 0.25;

    private readonly int _d;
    private readonly double[] _weights;
    private readonly double _effective, _stepRate, _damping, _pathRate, _oneRate, _manyRate, _expected;
    private readonly Vector<double> _stepPath, _path;
    private Matrix<double> _covariance, _axes;
    private Vector<double> _lengths;
    private int _generation;

    /// <param name="population">The number of points of a generation.</param>
    public Evolution(double[] mean, int population)
    {
        int d = _d = mean.Length, half = population / 2;
        (Mean, Population, Step) = (mean, population, FirstStep);
        double[] raw = [.. Enumerable.Range(1, half).Select(i => Math.Log((population + 1) / 2.0) - Math.Log(i))];
        _weights = [.. raw.Select(w => w / raw.Sum())];
        _effective = 1 / _weights.Sum(w => w * w);
        _stepRate = (_effective + 2) / (d + _effective + 5);
        _damping = 1 + 2 * Math.Max(0, Math.Sqrt((_effective - 1) / (d + 1)) - 1) + _stepRate;
        _pathRate = (4 + _effective / d) / (d + 4 + 2 * _effective / d);
        _oneRate = 2 / ((d + 1.3) * (d + 1.3) + _effective);
        _manyRate = Math.Min(1 - _oneRate, 2 * (_effective - 2 + 1 / _effective) / ((d + 2.0) * (d + 2) + _effective));
        _expected = Math.Sqrt(d) * (1 - 1.0 / (4 * d) + 1.0 / (21.0 * d * d));
        (_stepPath, _path) = (Vector<double>.Build.Dense(d), Vector<double>.Build.Dense(d));
        (_covariance, _axes) = (Matrix<double>.Build.DenseIdentity(d), Matrix<double>.Build.DenseIdentity(d));
        _lengths = Vector<double>.Build.Dense(d, 1);
    }

    public double[] Mean { get; }

    public int Population { get; }

    public double Step { get; private set; }

    /// <summary>Whether all points of a further generation would be nearly the same.</summary>
    public bool IsDone => Step * _lengths.Maximum() < Smallest;

    /// <summary>The standard deviation of a coordinate.</summary>
    public double DeviationOf(int coordinate) => Step * Math.Sqrt(_covariance[coordinate, coordinate]);

    /// <summary>Draws a point, which may lie outside the bounds.</summary>
    public double[] Draw(KeyedStream stream)
    {
        var z = Vector<double>.Build.Dense(_d, i => _lengths[i] * stream.NextNormal());
        var step = _axes * z;
        return [.. Mean.Select((m, i) => m + Step * step[i])];
    }

    /// <summary>Learns from a generation, the best first. It may have points that this state did not draw.</summary>
    public void Learn(IReadOnlyList<double[]> ranked)
    {
        // A point from elsewhere is drawn nearer (Hansen 2011, "Injecting external solutions into CMA-ES", equation 4).
        double longest = Math.Sqrt(_d) + 2.0 * _d / (_d + 2);
        var steps = ranked.Take(_weights.Length).Select(x =>
        {
            var y = Vector<double>.Build.Dense(_d, i => (x[i] - Mean[i]) / Step);
            double length = Whitened(y).L2Norm();
            return length > longest ? y * (longest / length) : y;
        }).ToList();
        var mean = Vector<double>.Build.Dense(_d);
        for (int i = 0; i < steps.Count; i++) mean += _weights[i] * steps[i];
        for (int i = 0; i < _d; i++) Mean[i] = Math.Clamp(Mean[i] + Step * mean[i], 0, 1);

        _generation++;
        Follow(_stepPath, _stepRate, Whitened(mean));
        double norm = _stepPath.L2Norm();
        bool isSlow = norm / Math.Sqrt(1 - Math.Pow(1 - _stepRate, 2 * _generation)) < (1.4 + 2.0 / (_d + 1)) * _expected;
        Follow(_path, _pathRate, isSlow ? mean : mean * 0);
        double lost = isSlow ? 0 : _pathRate * (2 - _pathRate);
        _covariance *= 1 - _oneRate * (1 - lost) - _manyRate;
        _covariance += _oneRate * _path.OuterProduct(_path);
        for (int i = 0; i < steps.Count; i++) _covariance += _manyRate * _weights[i] * steps[i].OuterProduct(steps[i]);
        Step *= Math.Exp(Math.Min(1, _stepRate / _damping * (norm / _expected - 1)));

        var evd = _covariance.Evd(Symmetricity.Symmetric);
        _axes = evd.EigenVectors;
        _lengths = evd.EigenValues.Map(v => Math.Sqrt(Math.Max(v.Real, 1e-14)));
    }

    private void Follow(Vector<double> path, double rate, Vector<double> step)
    {
        double kept = 1 - rate, added = Math.Sqrt(rate * (2 - rate) * _effective);
        for (int i = 0; i < _d; i++) path[i] = kept * path[i] + added * step[i];
    }

    /// <summary>C^(−1/2)·y.</summary>
    private Vector<double> Whitened(Vector<double> y) => _axes * _axes.TransposeThisAndMultiply(y).PointwiseDivide(_lengths);
}
