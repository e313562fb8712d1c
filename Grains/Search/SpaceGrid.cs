using System.Collections.Immutable;

namespace Grains.Search;

/// <summary>
/// Counts the distinct points of a space and numbers them. Values of a parameter that does not act make no points of their own. Only the
/// parameters that decide about others are walked through; the rest is multiplied.
/// </summary>
internal sealed class SpaceGrid
{
    /// <summary>With more combinations of deciding parameters the space counts as endless.</summary>
    private const double MostCombinations = 10_000;

    private readonly ActingRules _rules;
    private readonly ImmutableArray<Dimension> _dimensions;

    private SpaceGrid(ActingRules rules, ImmutableArray<Dimension> dimensions) => (_rules, _dimensions) = (rules, dimensions);

    public double Count { get; private init; }

    /// <summary>The grid of a space; null where it has no end of points.</summary>
    public static SpaceGrid? Of(ActingRules rules, ImmutableArray<Dimension> dimensions)
    {
        if (rules.Deciders.Aggregate(1.0, (n, d) => n * dimensions[d].Count) > MostCombinations) return null;
        double count = new SpaceGrid(rules, dimensions).CountFrom(0, new ActingRules.Partial(rules));
        return double.IsFinite(count) ? new SpaceGrid(rules, dimensions) { Count = count } : null;
    }

    /// <summary>The coordinates of a point, the last parameter fastest.</summary>
    public double[] UnitAt(double index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var unit = new double[_dimensions.Length];
        var point = new ActingRules.Partial(_rules);
        for (int position = 0; position < unit.Length; position++)
        {
            int i = _rules.Order[position];
            var dimension = _dimensions[i];
            if (!point.Acts(i)) continue;
            double digit = 0;
            if (_rules.Deciders.Contains(i))
            {
                var chosen = point.With(i, ValueOf(dimension, digit));
                for (double below; index >= (below = CountFrom(position + 1, chosen)); index -= below)
                    chosen = point.With(i, ValueOf(dimension, ++digit));
                point = chosen;
            }
            else
            {
                double rest = CountFrom(position + 1, point);
                digit = Math.Floor(index / rest);
                index -= digit * rest;
            }
            unit[i] = dimension.UnitAt(digit);
        }
        return unit;
    }

    private static Interfaces.Model.SettingValue ValueOf(Dimension dimension, double index) => dimension.ValueAt(dimension.UnitAt(index));

    private double CountFrom(int position, ActingRules.Partial point)
    {
        if (position == _dimensions.Length) return 1;
        int i = _rules.Order[position];
        if (!point.Acts(i)) return CountFrom(position + 1, point);
        if (!_rules.Deciders.Contains(i)) return _dimensions[i].Count * CountFrom(position + 1, point);
        double sum = 0;
        for (double k = 0; k < _dimensions[i].Count; k++) sum += CountFrom(position + 1, point.With(i, ValueOf(_dimensions[i], k)));
        return sum;
    }
}
