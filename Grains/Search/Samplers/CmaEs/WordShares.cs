using Grains.Interfaces.Model.Randomness;

namespace Grains.Search.Samplers.CmaEs;

/// <summary>
/// The share of each value of the dimensions that have no order. Shares follow the best points, and none is lost for good.
/// </summary>
internal sealed class WordShares
{
    private const double Rate = 0.3, Margin = 0.1;

    private readonly SearchSpace _space;
    private readonly double[]?[] _shares;

    public WordShares(SearchSpace space)
    {
        _space = space;
        _shares = [.. space.Dimensions.Select(d => d.IsOrdered ? null : Enumerable.Repeat(1 / d.Count, (int)d.Count).ToArray())];
    }

    /// <summary>Moves the shares toward those of good points. A dimension that acts in none of them stays.</summary>
    public void Learn(IEnumerable<SearchPoint> good)
    {
        var points = good.ToList();
        for (int d = 0; d < _shares.Length; d++)
        {
            if (_shares[d] is not { } shares) continue;
            int[] values = [.. points.Where(p => p.Unit[d] is not null).Select(p => (int)_space.Dimensions[d].IndexAt(p.Unit[d]!.Value))];
            if (values.Length == 0) continue;
            for (int i = 0; i < shares.Length; i++) shares[i] += Rate * ((double)values.Count(v => v == i) / values.Length - shares[i]);
        }
    }

    /// <summary>Writes drawn coordinates.</summary>
    public void Draw(KeyedStream stream, double[] unit)
    {
        for (int d = 0; d < _shares.Length; d++)
        {
            if (_shares[d] is not { } shares) continue;
            double left = stream.NextDouble();
            int value = 0;
            while (value < shares.Length - 1 && (left -= (1 - Margin) * shares[value] + Margin / shares.Length) >= 0) value++;
            unit[d] = _space.Dimensions[d].UnitAt(value);
        }
    }
}
