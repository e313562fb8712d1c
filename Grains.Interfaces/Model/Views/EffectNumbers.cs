using System.Globalization;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Views;

/// <summary>
/// Writes differences for people, all with as many decimals as the narrowest interval makes sense of. Differences of shares are told in
/// percentage points.
/// </summary>
public sealed class EffectNumbers
{
    private const int MostDecimals = 6;

    private readonly double _scale;
    private readonly int _decimals;

    public EffectNumbers(EffectsAbout about, IEnumerable<LevelEffect> effects)
    {
        bool share = about.Form == MetricForm.Share;
        _scale = share ? 100 : 1;
        Unit = share ? "points" : about.Unit == "1" ? "" : about.Unit;
        var told = effects.Where(e => e.Difference is not null).ToList();
        double least = told.Where(e => e.High > e.Low).Select(e => (e.High!.Value - e.Low!.Value) / 2).DefaultIfEmpty(
            told.Select(e => Math.Abs(e.Difference!.Value)).Where(d => d > 0).DefaultIfEmpty(1).Min()).Min();
        _decimals = Math.Max(share ? 1 : 0, (share ? 0 : 1) - (int)Math.Floor(Math.Log10(least * _scale)));
    }

    /// <summary>The unit behind a number: "points", "nats", or nothing.</summary>
    public string Unit { get; }

    /// <summary>A number without its sign: "2.1".</summary>
    public string Size(double difference) => Text(Math.Abs(difference));

    /// <summary>A number with its sign, and a zero without one: "+2.1", "-0.4", "0.0".</summary>
    public string Signed(double difference)
    {
        string size = Size(difference);
        return size.All(c => c is '0' or '.') ? size : $"{(difference < 0 ? '-' : '+')}{size}";
    }

    /// <summary>An interval: "[1.4, 2.8]".</summary>
    public string Interval(double low, double high) => $"[{Signed(low).TrimStart('+')}, {Signed(high).TrimStart('+')}]";

    /// <summary>A number with its unit: "2.1 points".</summary>
    public string WithUnit(string number) => Unit.Length == 0 ? number : $"{number} {Unit}";

    private string Text(double size) => _decimals > MostDecimals
        ? (size * _scale).ToString("0.0#e0", CultureInfo.InvariantCulture)
        : (size * _scale).ToString($"F{_decimals}", CultureInfo.InvariantCulture);
}
