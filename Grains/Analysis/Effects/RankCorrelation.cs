namespace Grains.Analysis.Effects;

/// <summary>
/// Spearman's rank correlation with its 95 % interval, by Fisher's transformation with the error of Bonett and Wright (2000).
/// </summary>
public sealed record RankCorrelation(double Value, double Low, double High)
{
    /// <summary>With fewer points than this the interval holds nearly everything.</summary>
    private const int Fewest = 8;

    private const double Critical = 1.959963984540054;

    /// <summary>The correlation of the points; null where there are too few, or where one side is all the same.</summary>
    public static RankCorrelation? Of(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < Fewest) return null;
        double[] x = Ranks([.. points.Select(p => p.X)]), y = Ranks([.. points.Select(p => p.Y)]);
        double middle = (points.Count + 1) / 2.0, xx = 0, yy = 0, xy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            xx += (x[i] - middle) * (x[i] - middle);
            yy += (y[i] - middle) * (y[i] - middle);
            xy += (x[i] - middle) * (y[i] - middle);
        }
        if (xx == 0 || yy == 0) return null;
        double value = xy / Math.Sqrt(xx * yy);
        if (Math.Abs(value) >= 1 - 1e-12) return new(Math.Sign(value), Math.Sign(value), Math.Sign(value));
        double half = Critical * Math.Sqrt((1 + value * value / 2) / (points.Count - 3)), z = Math.Atanh(value);
        return new(value, Math.Tanh(z - half), Math.Tanh(z + half));
    }

    /// <summary>The ranks from 1; equal values share the mean of theirs.</summary>
    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        var ranks = new double[values.Length];
        for (int from = 0; from < order.Length;)
        {
            int to = from;
            while (to < order.Length && values[order[to]].Equals(values[order[from]])) to++;
            for (int i = from; i < to; i++) ranks[order[i]] = (from + to + 1) / 2.0;
            from = to;
        }
        return ranks;
    }
}
