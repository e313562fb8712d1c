using System.Collections.Immutable;
using System.Globalization;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search;

/// <summary>
/// One coordinate of the unit cube and the values that it stands for, as a closed family. Every coordinate means a value of the domain, so
/// a proposal cannot lie outside it. Where the values can be counted, each owns a cell of the interval, and its coordinate is in the cell.
/// </summary>
public abstract record Dimension(string Name)
{
    /// <summary>The number of values. It is infinite where every number of a range is one.</summary>
    public abstract double Count { get; }

    /// <summary>Whether near coordinates mean near values.</summary>
    public virtual bool IsOrdered => true;

    /// <summary>The value that a coordinate stands for. What lies outside 0..1 counts as the nearer end.</summary>
    public abstract SettingValue ValueAt(double unit);

    /// <summary>
    /// The coordinate of a value, or that of the nearer end for a number outside the range; null for a value of another kind.
    /// </summary>
    public abstract double? UnitOf(SettingValue value);

    /// <summary>The coordinate of value number <paramref name="index"/>, where the values can be counted.</summary>
    public abstract double UnitAt(double index);

    /// <summary>The number of the value that a coordinate stands for, where the values can be counted.</summary>
    public abstract double IndexAt(double unit);

    /// <summary>The coordinate of the value that the coordinate stands for.</summary>
    public double Snap(double unit) => double.IsInfinity(Count) ? Math.Clamp(unit, 0, 1) : UnitAt(IndexAt(unit));

    /// <summary>The number of the equal cell that a coordinate lies in.</summary>
    private protected static double Cell(double unit, double count) => Math.Clamp(Math.Floor(unit * count), 0, count - 1);
}

/// <summary>
/// Values that the file lists. Numbers are put in order and are then neighbors by rank; words, lists and switches have no order.
/// </summary>
public sealed record ValuesDimension : Dimension
{
    public ValuesDimension(string name, ImmutableArray<SettingValue> values) : base(name)
    {
        values = [.. values.Distinct()];
        IsOrdered = values.All(v => v is NumberValue);
        Values = IsOrdered ? [.. values.OrderBy(v => ((NumberValue)v).Number)] : values;
    }

    public ImmutableArray<SettingValue> Values { get; }

    public override double Count => Values.Length;

    public override bool IsOrdered { get; }

    public override SettingValue ValueAt(double unit) => Values[(int)IndexAt(unit)];

    public override double? UnitOf(SettingValue value)
    {
        if (Values.IndexOf(value) is >= 0 and var index) return UnitAt(index);
        return IsOrdered && value is NumberValue { Number: var x }
            ? UnitAt(Enumerable.Range(0, Values.Length).MinBy(i => Math.Abs(((NumberValue)Values[i]).Number - x)))
            : null;
    }

    public override double UnitAt(double index) => (index + 0.5) / Values.Length;

    public override double IndexAt(double unit) => Cell(unit, Values.Length);
}

/// <summary>
/// Whole numbers, or numbers with a step between them. On a linear scale their cells are equal. On a logarithmic one each number owns what
/// rounds to it, half a step to both sides, so that the first and the last have their fair shares.
/// </summary>
public sealed record StepDimension(string Name, double Min, double Max, double Step, bool Log) : Dimension(Name)
{
    private readonly double _low = Low(Min, Step);
    private readonly double _ratio = Math.Log((Min + (RangeSteps.Count(Min, Max, Step) - 0.5) * Step) / Low(Min, Step));

    public override double Count { get; } = RangeSteps.Count(Min, Max, Step);

    public override SettingValue ValueAt(double unit) => new NumberValue(RangeSteps.Value(Min, Max, Step, IndexAt(unit)));

    public override double? UnitOf(SettingValue value) =>
        value is NumberValue { Number: var x } ? UnitAt(Math.Clamp(Math.Round((x - Min) / Step), 0, Count - 1)) : null;

    public override double UnitAt(double index) => Log ? Math.Log((Min + index * Step) / _low) / _ratio : (index + 0.5) / Count;

    public override double IndexAt(double unit)
    {
        if (!Log) return Cell(unit, Count);
        double value = _low * Math.Exp(_ratio * Math.Clamp(unit, 0, 1));
        return Math.Clamp(Math.Round((value - Min) / Step), 0, Count - 1);
    }

    private static double Low(double min, double step) => min > step / 2 ? min - step / 2 : min / 2;
}

/// <summary>
/// Every number of a range. The ends have the coordinates 0 and 1 and are met exactly. What lies between is rounded to six digits of
/// the range's width, because more say nothing to a person and tell apart what trains alike.
/// </summary>
public sealed record RealDimension(string Name, double Min, double Max, bool Log) : Dimension(Name)
{
    private const int Digits = 6;

    public override double Count => Min == Max ? 1 : double.PositiveInfinity;

    public override SettingValue ValueAt(double unit)
    {
        if (!(unit > 0) || Min == Max) return new NumberValue(Min);
        if (unit >= 1) return new NumberValue(Max);
        double value = Log ? Min * Math.Exp(unit * Math.Log(Max / Min)) : Min + unit * (Max - Min);
        return new NumberValue(Math.Clamp(Rounded(value), Min, Max));
    }

    public override double? UnitOf(SettingValue value)
    {
        if (value is not NumberValue { Number: var x }) return null;
        if (Min == Max) return 0.5;
        if (!(x > Min)) return 0;
        return x >= Max ? 1 : Log ? Math.Log(x / Min) / Math.Log(Max / Min) : (x - Min) / (Max - Min);
    }

    public override double UnitAt(double index) => 0.5;

    public override double IndexAt(double unit) => 0;

    // A narrow range far from zero needs more digits than six, since they all begin alike.
    private double Rounded(double value)
    {
        double alike = Math.Max(Math.Abs(Min), Math.Abs(Max)) / (Max - Min);
        int digits = Math.Min(Digits + (alike > 10 ? (int)Math.Ceiling(Math.Log10(alike)) : 0), 17);
        return double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
