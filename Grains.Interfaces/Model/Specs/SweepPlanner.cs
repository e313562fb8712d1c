using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs;

/// <summary>Lays a spec out as points and trials. See <see cref="SweepPlan"/>.</summary>
public static class SweepPlanner
{
    /// <summary>
    /// The most trials that a sweep may have, which is more than anyone reads. A grid beyond it is a mistake rather than a wish.
    /// </summary>
    public const int MaxTrials = 100_000;

    /// <summary>
    /// The file's trials first, then what the sampler proposes. With neither parameters nor trials the shared settings are the one point.
    /// </summary>
    /// <exception cref="SpecException">There would be more than <see cref="MaxTrials"/> trials.</exception>
    public static SweepPlan Plan(SweepSpec spec)
    {
        double asked = TrialCount(spec);
        if (!(asked <= MaxTrials)) throw new SpecException($"sweep: {asked:R} trials {TooManyRule}. {TooManyRemedy}");

        var catalog = spec.Program.Settings;
        var varying = Varying(spec);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var points = ImmutableArray.CreateBuilder<PlannedPoint>();
        foreach (var (name, own) in Proposals(spec))
        {
            var settings = new PointSettings(catalog, spec.Shared, own);
            var configuration = spec.Program.Configure(settings);
            int epochs = settings.Whole("epochs");
            if (!seen.Add($"{epochs} {configuration.Json()}")) continue;
            // A parameter of the user's program has no default, and a trial that names others has none of it.
            var told = varying.Where(v => settings.Acts(v) && (settings.IsGiven(v) || catalog.Find(v)?.Default is not null))
                .ToImmutableSortedDictionary(v => v, v => settings[v], StringComparer.Ordinal);
            points.Add(new PlannedPoint(name, told, configuration, epochs) { Own = own });
        }

        var trials = ImmutableArray.CreateBuilder<PlannedTrial>(points.Count * spec.Replicates);
        foreach (var point in points)
            for (int replicate = 1; replicate <= spec.Replicates; replicate++)
                trials.Add(new PlannedTrial(trials.Count + 1, point, replicate));
        return new SweepPlan(points.ToImmutable(), trials.MoveToImmutable());
    }

    /// <summary>The trials of the one plan that the other does not have, with the numbers that come next.</summary>
    public static ImmutableArray<PlannedTrial> Added(SweepPlan from, SweepPlan to)
    {
        static string Key(PlannedTrial t) => $"{t.Replicate} {t.Point.Epochs} {t.Point.Configuration.Json()}";
        var known = from.Trials.Select(Key).ToHashSet(StringComparer.Ordinal);
        return [.. to.Trials.Where(t => !known.Contains(Key(t))).Select((t, i) => t with { Number = from.Trials.Length + i + 1 })];
    }

    /// <summary>Checks that an option's value obeys the limits of the file's keys.</summary>
    /// <exception cref="SpecException">The value does not obey them.</exception>
    public static void RequireLimits(SweepExtension extension)
    {
        Require("--epochs", extension.Epochs, SettingCatalog.Classifier.Find("epochs")!.Domain);
        Require("--trials", extension.Trials, FileFields.Points.Domain);
        Require("--replicates", extension.Replicates, FileFields.Replicates.Domain);

        static void Require(string option, int? value, Domain domain)
        {
            if (value is { } number && domain.Check(new NumberValue(number)) is { } wrong)
                throw new SpecException($"{option}: {number} {wrong.Rule}. {wrong.Remedy}");
        }
    }

    /// <summary>The spec with that many points and replicates, where it has fewer.</summary>
    /// <exception cref="SpecException">A grid has all its points, or the extension breaks a limit.</exception>
    public static SweepSpec Extend(SweepSpec spec, SweepExtension extension)
    {
        RequireLimits(extension);
        var sampler = extension.Trials is not { } points ? spec.Sampler
            : spec.Sampler is RandomSampler drawn ? new RandomSampler(Math.Max(drawn.Points, points))
            : throw new SpecException($"--trials: {points} points cannot be had of a grid, which has them all. " +
                "Add values to the file and submit it: what was trained is not trained again.");
        return spec with { Sampler = sampler, Replicates = Math.Max(spec.Replicates, extension.Replicates ?? 0) };
    }

    internal static readonly string TooManyRule = $"are more than {MaxTrials}";
    internal const string TooManyRemedy = "Take fewer values, a larger step, or `sampler: {kind: random, points: …}`.";

    /// <summary>The number of points before those that act alike become one.</summary>
    internal static double TrialCount(SweepSpec spec) => (spec.Trials.Length + Space.Count(spec)) * spec.Replicates;

    internal static IEnumerable<(string? Name, ImmutableSortedDictionary<string, SettingValue> Own)> Proposals(SweepSpec spec) =>
        spec.Trials.Select(t => ((string?)t.Name, t.Settings)).Concat(Space.Points(spec).Select(p => ((string?)null, p)));

    private static ImmutableArray<string> Varying(SweepSpec spec) =>
        [.. spec.Parameters.Select(p => p.Name).Concat(spec.Trials.SelectMany(t => t.Settings.Keys)).Distinct()];
}
