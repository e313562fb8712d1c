using System.Text;
using Grains.Interfaces.Model.Views;

namespace Client.Rendering;

/// <summary>
/// Draws effects as a forest plot in text: a point for each difference, whiskers for its interval, and a line at zero. All rows share one
/// axis. A whisker that would leave it ends in an arrow.
/// </summary>
internal sealed class ForestPlot
{
    private const double Beyond = 3;

    private readonly int _width;
    private readonly double _from, _to;

    public ForestPlot(IReadOnlyList<LevelEffect> effects, int width)
    {
        _width = width;
        var told = effects.Where(e => e.Difference is not null).ToList();
        double[] ends = [.. told.Select(e => Math.Max(Math.Abs(e.Low ?? e.Difference!.Value), Math.Abs(e.High ?? e.Difference!.Value)))];
        double largest = told.Select(e => Math.Abs(e.Difference!.Value)).DefaultIfEmpty(0).Max();
        // A few wide intervals must not press all points to the zero line.
        double limit = Math.Min(ends.DefaultIfEmpty(0).Max(), Math.Max(Beyond * largest, 1.2 * ends.DefaultIfEmpty(0).Min()));
        if (!(limit > 0)) limit = 1;
        _from = Math.Max(-limit, Math.Min(0, told.Select(e => e.Low ?? e.Difference!.Value).DefaultIfEmpty(0).Min()));
        _to = Math.Min(limit, Math.Max(0, told.Select(e => e.High ?? e.Difference!.Value).DefaultIfEmpty(0).Max()));
        if (!(_to > _from)) (_from, _to) = (-limit, limit);
    }

    /// <summary>The axis: its ends, and 0 where the line stands.</summary>
    public string Axis(EffectNumbers numbers)
    {
        string left = _from < 0 ? numbers.Signed(_from) : "", right = _to > 0 ? numbers.Signed(_to) : "";
        var line = new StringBuilder(new string(' ', _width));
        Put(0, left);
        Put(_width - right.Length, right);
        int zero = Column(0);
        if (IsFree(zero - 1) && IsFree(zero) && IsFree(zero + 1)) line[zero] = '0';
        return line.ToString();

        bool IsFree(int at) => at < 0 || at >= _width || line[at] == ' ';

        void Put(int at, string text)
        {
            for (int i = 0; i < text.Length && at + i < _width; i++)
                if (at + i >= 0) line[at + i] = text[i];
        }
    }

    /// <summary>One row of the plot, as wide as the axis.</summary>
    public string Row(LevelEffect effect)
    {
        char[] row = [.. Enumerable.Repeat(' ', _width)];
        row[Column(0)] = '┊';
        if (effect.Difference is not { } difference) return new string(row);
        if (effect is { Low: { } low, High: { } high })
        {
            int from = Column(low), to = Column(high);
            for (int i = from; i <= to; i++) row[i] = row[i] == '┊' ? '┼' : '─';
            row[from] = low < _from ? '◂' : '├';
            row[to] = high > _to ? '▸' : '┤';
        }
        row[Column(difference)] = '●';
        return new string(row);
    }

    private int Column(double value) =>
        (int)Math.Round((Math.Clamp(value, _from, _to) - _from) / (_to - _from) * (_width - 1));
}
