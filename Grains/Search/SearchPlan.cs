using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Grains.Search;

/// <summary>What a search is asked for, before anything is known.</summary>
public sealed record SearchPlan
{
    public required SweepSpec Spec { get; init; }

    /// <summary>The points that come first, whatever is found: those that the file names, then those that need no result.</summary>
    public required ImmutableArray<PlannedPoint> Given { get; init; }

    /// <summary>The number of points in all.</summary>
    public required int Planned { get; init; }

    /// <summary>The epochs of a whole training.</summary>
    public required int Budget { get; init; }

    /// <exception cref="SpecException">The spec breaks a rule between settings.</exception>
    public static SearchPlan Of(SweepSpec spec)
    {
        var given = SweepPlanner.Plan(spec).Points;
        int planned = spec.Search.PointsWith(given.Length);
        if (spec.Search is { Sampler: var sampler, SharedFirst: true } && sampler.Learns() && Shared(spec) is { } own
            && Point(spec, own) is { } first && given.All(p => p.Key != first.Key))
            given = given.Add(first);
        return new SearchPlan
        {
            Spec = spec,
            Given = given,
            Planned = planned,
            Budget = spec.Budget,
        };
    }

    /// <summary>A point with its settings made to act; null where it breaks a rule between settings.</summary>
    public static PlannedPoint? Point(SweepSpec spec, ImmutableSortedDictionary<string, SettingValue> own)
    {
        try
        {
            return SweepPlanner.PointOf(spec, null, own);
        }
        catch (SpecException)
        {
            return null; // such a point is not proposed
        }
    }

    /// <summary>The shared settings as a point of the space; null where a parameter has none, or one outside its range.</summary>
    private static ImmutableSortedDictionary<string, SettingValue>? Shared(SweepSpec spec)
    {
        var own = ImmutableSortedDictionary.CreateBuilder<string, SettingValue>(StringComparer.Ordinal);
        foreach (var parameter in spec.Parameters)
        {
            var value = spec.Shared.GetValueOrDefault(parameter.Name) ?? spec.Program.Settings.Find(parameter.Name)?.Default;
            bool inside = parameter switch
            {
                ValuesParameter { Values: var values } => value is not null && values.Contains(value),
                RangeParameter range => value is NumberValue { Number: var x } && x >= range.Min && x <= range.Max,
                _ => false,
            };
            if (!inside) return null;
            own[parameter.Name] = value!;
        }
        return own.ToImmutable();
    }
}
