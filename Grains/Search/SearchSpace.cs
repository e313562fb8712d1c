using System.Collections.Concurrent;
using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search;

/// <summary>
/// The space of a sweep, made of its parameters. It maps the unit cube to points and back. Each corner of the cube is a point, and each
/// coordinate is one of its dimension's values, so that no point lies outside the space.
/// </summary>
public sealed class SearchSpace
{
    private readonly ActingRules _rules;
    private readonly ConcurrentDictionary<string, ImmutableArray<bool>> _acting = new(StringComparer.Ordinal);
    private readonly bool _isRemembered;
    private readonly Lazy<SpaceGrid?> _grid;

    private SearchSpace(ActingRules rules, ImmutableArray<Dimension> dimensions)
    {
        (_rules, Dimensions) = (rules, dimensions);
        _isRemembered = rules.Deciders.All(d => double.IsFinite(dimensions[d].Count));
        _grid = new(() => SpaceGrid.Of(rules, dimensions));
    }

    /// <summary>The space of a spec's parameters, with the rules by which they act.</summary>
    public static SearchSpace Of(SweepSpec spec) => new(new ActingRules(spec), [.. spec.Parameters.Select(DimensionOf)]);

    /// <summary>The dimensions, in the file's order.</summary>
    public ImmutableArray<Dimension> Dimensions { get; }

    /// <summary>Whether a dimension acts in some points and not in others.</summary>
    public bool IsConditional => !_rules.Deciders.IsEmpty;

    /// <summary>The number of distinct points; null where there is no end of them.</summary>
    public double? Count => _grid.Value?.Count;

    /// <summary>
    /// The distinct point number <paramref name="index"/> of a space that has a <see cref="Count"/>, the last parameter fastest.
    /// </summary>
    public SearchPoint GridPoint(double index) =>
        At((_grid.Value ?? throw new InvalidOperationException("The space has no end of points.")).UnitAt(index));

    /// <summary>The point at coordinates in the unit cube, one for each dimension.</summary>
    public SearchPoint At(ReadOnlySpan<double> unit)
    {
        var values = new SettingValue[unit.Length];
        for (int i = 0; i < unit.Length; i++) values[i] = Dimensions[i].ValueAt(unit[i]);
        return PointOf(values, Acting(i => values[i]));
    }

    /// <summary>
    /// Writes the coordinates of the point at <paramref name="unit"/>: NaN where a dimension does not act. It is <see cref="At"/> without
    /// the settings and without the rounding of real numbers, for models that look at thousands of points.
    /// </summary>
    public void Snap(ReadOnlySpan<double> unit, Span<double> snapped)
    {
        for (int i = 0; i < unit.Length; i++) snapped[i] = Dimensions[i].Snap(unit[i]);
        double[] cells = snapped.ToArray();
        var acts = Acting(i => Dimensions[i].ValueAt(cells[i]));
        for (int i = 0; i < unit.Length; i++) if (!acts[i]) snapped[i] = double.NaN;
    }

    /// <summary>
    /// The point of a recorded proposal or of a trial that the file names. What it leaves out has its usual value. What lies outside a range
    /// has the coordinate of its end.
    /// </summary>
    public SearchPoint PointOf(ImmutableSortedDictionary<string, SettingValue> settings)
    {
        var values = Dimensions.Select(d => settings.GetValueOrDefault(d.Name) ?? _rules.Usual(d.Name)).ToArray();
        return PointOf(values, _rules.Of(i => values[i]));
    }

    private SearchPoint PointOf(SettingValue?[] values, ImmutableArray<bool> acts)
    {
        var settings = ImmutableSortedDictionary.CreateBuilder<string, SettingValue>(StringComparer.Ordinal);
        var unit = ImmutableArray.CreateBuilder<double?>(values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            if (acts[i]) settings[Dimensions[i].Name] = values[i]!;
            unit.Add(acts[i] ? Dimensions[i].UnitOf(values[i]!) : null);
        }
        return new SearchPoint(settings.ToImmutable(), unit.MoveToImmutable());
    }

    private ImmutableArray<bool> Acting(Func<int, SettingValue> valueOf) => !_isRemembered
        ? _rules.Of(valueOf)
        : _acting.GetOrAdd(string.Join('\n', _rules.Deciders.Select(valueOf)), _ => _rules.Of(valueOf));

    private static Dimension DimensionOf(Parameter parameter) => parameter switch
    {
        ValuesParameter values => new ValuesDimension(values.Name, values.Values),
        RangeParameter { Step: { } step } r => new StepDimension(r.Name, r.Min, r.Max, step, r.Log),
        RangeParameter { Integer: true } r => new StepDimension(r.Name, Math.Ceiling(r.Min), Math.Floor(r.Max), 1, r.Log),
        RangeParameter r => new RealDimension(r.Name, r.Min, r.Max, r.Log),
        _ => throw new InvalidOperationException($"No parameter {parameter.GetType().Name}."),
    };
}
