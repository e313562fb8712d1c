using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Grains.Interfaces.Model.Randomness;
using MathNet.Numerics;

namespace Grains.Search.Samplers.Tpe;

/// <summary>
/// A density over a space: a mixture of one kernel for each point and one that is uniform. A kernel is a product over the dimensions: a
/// normal cut off at the bounds, or a table for few values. Where a dimension acts in the point at hand and not in the kernel's own, the
/// kernel is uniform in it. So the densities of all branches of a conditional space add up to one, and each learns from what lies in it.
/// </summary>
internal sealed class Parzen
{
    private const int MostListed = 16;
    private const double Missing = double.NaN, Far = 6;

    private readonly ImmutableArray<Dimension> _dimensions;
    private readonly double _width;
    private readonly double[] _logWeights;
    private readonly double[][] _centers, _offsets;
    private readonly double[]?[] _tables;
    private readonly double[] _terms;

    /// <param name="weights">The weight of each point. The uniform kernel has the weight 1.</param>
    public Parzen(SearchSpace space, IReadOnlyList<SearchPoint> points, double[] weights)
    {
        _dimensions = space.Dimensions;
        int n = points.Count, varying = _dimensions.Count(d => d.Count > 1);
        // Scott's rule on a fifth of the range, and no kernel narrower than its share, as in Optuna 4's multivariate TPE.
        _width = Math.Max(0.2 * Math.Pow(Math.Max(n, 1), -1.0 / (varying + 4)), 1 / Math.Min(100.0, n + 2.0));
        double total = weights.Sum() + 1;
        _logWeights = [.. weights.Select(w => Math.Log(w / total)), Math.Log(1 / total)];
        _terms = new double[n + 1];
        _centers = new double[_dimensions.Length][];
        _offsets = new double[_dimensions.Length][];
        _tables = new double[]?[_dimensions.Length];
        for (int d = 0; d < _dimensions.Length; d++)
        {
            _centers[d] = [.. points.Select(p => p.Unit[d] ?? Missing), Missing];
            bool isListed = _dimensions[d].Count <= MostListed || !_dimensions[d].IsOrdered;
            _tables[d] = isListed ? Table(_dimensions[d], _width, n + 1) : null;
            _offsets[d] = isListed ? [] : [.. _centers[d].Select(OffsetOf)];
        }
    }

    /// <summary>Draws coordinates, one for each dimension. A draw beyond a bound is the bound itself, which is thus often met.</summary>
    public double[] Draw(KeyedStream stream)
    {
        double left = stream.NextDouble();
        int kernel = 0;
        while (kernel < _logWeights.Length - 1 && (left -= Math.Exp(_logWeights[kernel])) >= 0) kernel++;
        var unit = new double[_dimensions.Length];
        for (int d = 0; d < unit.Length; d++)
        {
            double center = _centers[d][kernel];
            unit[d] = double.IsNaN(center) ? stream.NextDouble()
                : _tables[d] is { } table ? Drawn(_dimensions[d], table, center, stream.NextDouble())
                : Math.Clamp(center + _width * stream.NextNormal(), 0, 1);
        }
        return unit;
    }

    /// <summary>The logarithm of the density at coordinates, NaN where a dimension does not act.</summary>
    public double LogDensity(ReadOnlySpan<double> snapped)
    {
        _logWeights.CopyTo(_terms, 0);
        for (int d = 0; d < _dimensions.Length; d++)
        {
            double x = snapped[d];
            if (double.IsNaN(x)) continue;
            if (_tables[d] is { } table) AddListed(_dimensions[d], table, x, _centers[d]);
            else AddNormal(x, _centers[d], _offsets[d]);
        }
        double most = _terms.Max(), sum = 0;
        foreach (double term in _terms) sum += term - most > -40 ? Math.Exp(term - most) : 0;
        return most + Math.Log(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddNormal(double x, double[] centers, double[] offsets)
    {
        ref double term = ref MemoryMarshal.GetArrayDataReference(_terms), center = ref MemoryMarshal.GetArrayDataReference(centers),
            offset = ref MemoryMarshal.GetArrayDataReference(offsets);
        double factor = -0.5 / (_width * _width);
        var here = Vector256.Create(x);
        var factors = Vector256.Create(factor);
        int k = 0;
        for (; k + 4 <= _terms.Length; k += 4)
        {
            var mean = Vector256.LoadUnsafe(ref center, (nuint)k);
            var difference = here - mean;
            var added = Vector256.FusedMultiplyAdd(difference * factors, difference, Vector256.LoadUnsafe(ref offset, (nuint)k));
            added = Vector256.ConditionalSelect(Vector256.Equals(mean, mean), added, default);
            (Vector256.LoadUnsafe(ref term, (nuint)k) + added).StoreUnsafe(ref term, (nuint)k);
        }
        for (; k < _terms.Length; k++)
        {
            if (!double.IsNaN(centers[k])) _terms[k] += Math.FusedMultiplyAdd((x - centers[k]) * factor, x - centers[k], offsets[k]);
        }
    }

    private void AddListed(Dimension dimension, double[] table, double x, double[] centers)
    {
        int count = (int)dimension.Count, value = (int)dimension.IndexAt(x);
        double uniform = -Math.Log(count);
        for (int k = 0; k < _terms.Length; k++)
            _terms[k] += double.IsNaN(centers[k]) ? uniform : table[(int)dimension.IndexAt(centers[k]) * count + value];
    }

    /// <summary>The logarithm of a kernel's height: less of it is cut off in the middle than at a bound.</summary>
    private double OffsetOf(double center)
    {
        if (double.IsNaN(center)) return 0;
        double toLow = center / _width, toHigh = (1 - center) / _width, height = -Math.Log(_width * Constants.Sqrt2Pi);
        if (toLow > Far && toHigh > Far) return height;
        return height - Math.Log((SpecialFunctions.Erf(toLow / Constants.Sqrt2) + SpecialFunctions.Erf(toHigh / Constants.Sqrt2)) / 2);
    }

    /// <summary>The logarithms of the probabilities of all values (columns) in the kernel of each (rows).</summary>
    private static double[] Table(Dimension dimension, double width, int kernels)
    {
        int count = (int)dimension.Count;
        var table = new double[count * count];
        double[] units = [.. Enumerable.Range(0, count).Select(i => dimension.UnitAt(i))];
        double spread = Math.Max(width, 0.5 / count);
        for (int center = 0; center < count; center++)
        {
            double[] shares = [.. units.Select((u, i) => dimension.IsOrdered
                ? Math.Exp(-0.5 * (u - units[center]) * (u - units[center]) / (spread * spread))
                : (i == center ? 1 : 0) + 1.0 / kernels)];
            double total = shares.Sum();
            for (int i = 0; i < count; i++) table[center * count + i] = Math.Log(shares[i] / total);
        }
        return table;
    }

    private static double Drawn(Dimension dimension, double[] table, double center, double left)
    {
        int count = (int)dimension.Count, row = (int)dimension.IndexAt(center) * count, value = 0;
        while (value < count - 1 && (left -= Math.Exp(table[row + value])) >= 0) value++;
        return dimension.UnitAt(value);
    }
}
