using System.Collections.Immutable;
using Grains.Interfaces.Model.Randomness;

namespace Grains.Interfaces.Model.Specs;

/// <summary>The points that a sampler takes from the parameters.</summary>
internal static class Space
{
    /// <summary>
    /// The number of points that the sampler proposes. It is a double, because a grid may have more than any integer holds.
    /// </summary>
    public static double Count(SweepSpec spec)
    {
        if (spec.Parameters.IsEmpty) return spec.Trials.IsEmpty ? 1 : 0;
        return spec.Search.Sampler == SamplerKind.Grid ? spec.Parameters.Aggregate(1.0, (n, p) => n * GridCount(p)) : spec.Search.Trials;
    }

    /// <summary>The points that are known before anything is trained: all of a grid, and all that are drawn at random.</summary>
    public static IEnumerable<ImmutableSortedDictionary<string, SettingValue>> Points(SweepSpec spec)
    {
        long count = spec.Parameters.IsEmpty || spec.Search.Sampler.IsListed() ? (long)Count(spec) : 0;
        for (long i = 0; i < count; i++)
            yield return spec.Search.Sampler == SamplerKind.Grid ? Existing(spec, OnGrid(spec.Parameters, i)) : Drawn(spec, i);
    }

    /// <summary>The point without the parameters that do not exist in it.</summary>
    private static ImmutableSortedDictionary<string, SettingValue> Existing(
        SweepSpec spec, ImmutableSortedDictionary<string, SettingValue> point)
    {
        if (spec.Parameters.All(p => p.When is null)) return point;
        return point.RemoveRange(spec.Parameters.Where(p => !Exists(p)).Select(p => p.Name));

        bool Exists(Parameter parameter)
        {
            if (parameter.When is not { } when) return true;
            var decides = spec.Parameters.FirstOrDefault(p => p.Name == when.Setting);
            if (decides is not null && !Exists(decides)) return false;
            var value = decides is not null ? point[decides.Name]
                : spec.Shared.GetValueOrDefault(when.Setting) ?? spec.Program.Settings.Find(when.Setting)?.Default;
            return value is not null && when.Values.Contains(value.ToString());
        }
    }

    /// <summary>The number of values that a grid gives a parameter; infinite for a range without a step.</summary>
    public static double GridCount(Parameter parameter) => parameter switch
    {
        ValuesParameter values => values.Values.Length,
        RangeParameter { Step: null } => double.PositiveInfinity,
        RangeParameter range => StepCount(range),
        _ => throw new InvalidOperationException($"No parameter {parameter.GetType().Name}."),
    };

    // The last parameter runs fastest: the index is a number whose digits are the parameters.
    private static ImmutableSortedDictionary<string, SettingValue> OnGrid(ImmutableArray<Parameter> parameters, long index)
    {
        var point = ImmutableSortedDictionary.CreateBuilder<string, SettingValue>(StringComparer.Ordinal);
        foreach (var parameter in parameters.Reverse())
        {
            (index, long digit) = Math.DivRem(index, (long)GridCount(parameter));
            point[parameter.Name] = parameter is RangeParameter range
                ? new NumberValue(StepValue(range, digit))
                : ((ValuesParameter)parameter).Values[(int)digit];
        }
        return point.ToImmutable();
    }

    // Draws are keyed by name and index. Another parameter, or more points, leave the earlier draws as they are.
    public static ImmutableSortedDictionary<string, SettingValue> Drawn(SweepSpec spec, long index) =>
        Existing(spec, spec.Parameters.ToImmutableSortedDictionary(
            p => p.Name, p => Draw(p, KeyedStream.Of(spec.Seed, 0, "space", p.Name, index)), StringComparer.Ordinal));

    private static SettingValue Draw(Parameter parameter, KeyedStream stream)
    {
        if (parameter is ValuesParameter { Values: var values }) return values[stream.NextInt(values.Length)];
        var range = (RangeParameter)parameter;
        if (range is { Log: false, Integer: true, Step: null }) return new NumberValue(range.Min + Whole(stream, range.Max - range.Min));
        if (range is { Log: false, Step: not null }) return new NumberValue(StepValue(range, stream.NextInt((int)StepCount(range))));

        // Half a unit of margin on both sides gives the first and the last whole number their full share.
        double margin = range is { Integer: true, Step: null } ? 0.5 : 0, low = range.Min - margin, high = range.Max + margin,
            u = stream.NextDouble();
        double value = range.Log ? low * Math.Pow(high / low, u) : low + u * (high - low);
        if (range.Step is { } step)
            value = StepValue(range, Math.Clamp((long)Math.Round((value - range.Min) / step), 0, (long)StepCount(range) - 1));
        else if (range.Integer) value = Math.Round(value);
        return new NumberValue(Math.Clamp(value, range.Min, range.Max));
    }

    /// <summary>A whole number from 0 to <paramref name="span"/>, which is at most 2^53.</summary>
    private static double Whole(KeyedStream stream, double span) =>
        span < int.MaxValue ? stream.NextInt((int)span + 1) : Math.Min(span, Math.Floor(stream.NextDouble() * (span + 1)));

    private static double StepCount(RangeParameter range) => RangeSteps.Count(range.Min, range.Max, range.Step!.Value);

    private static double StepValue(RangeParameter range, long k) => RangeSteps.Value(range.Min, range.Max, range.Step!.Value, k);
}
