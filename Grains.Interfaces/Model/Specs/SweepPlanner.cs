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

        var varying = Varying(spec);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var points = ImmutableArray.CreateBuilder<PlannedPoint>();
        foreach (var (name, own) in Proposals(spec))
        {
            var point = PointOf(spec, name, own, varying);
            if (seen.Add(point.Key)) points.Add(point);
        }

        var trials = ImmutableArray.CreateBuilder<PlannedTrial>(points.Count * spec.Replicates);
        foreach (var point in points)
            for (int replicate = 1; replicate <= spec.Replicates; replicate++)
                trials.Add(new PlannedTrial(trials.Count + 1, point, replicate));
        return new SweepPlan(points.ToImmutable(), trials.MoveToImmutable());
    }

    /// <summary>A point of the spec, with its settings made to act.</summary>
    /// <exception cref="SpecException">The point breaks a rule between settings.</exception>
    public static PlannedPoint PointOf(SweepSpec spec, string? name, ImmutableSortedDictionary<string, SettingValue> own) =>
        PointOf(spec, name, own, Varying(spec));

    private static PlannedPoint PointOf(SweepSpec spec, string? name, ImmutableSortedDictionary<string, SettingValue> own,
        ImmutableArray<string> varying)
    {
        var catalog = spec.Program.Settings;
        var settings = new PointSettings(catalog, spec.Shared, own);
        // A parameter of the user's program has no default, and a trial that names others has none of it.
        var told = varying.Where(v => settings.Acts(v) && (settings.IsGiven(v) || catalog.Find(v)?.Default is not null))
            .ToImmutableSortedDictionary(v => v, v => settings[v], StringComparer.Ordinal);
        return new PlannedPoint(name, told, spec.Program.Configure(settings), settings.Whole("epochs")) { Own = own };
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
        Require("--trials", extension.Trials, FileFields.Trials.Domain);
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
        if (extension.Trials is { } points && (spec.Search.Sampler == SamplerKind.Grid || spec.Parameters.IsEmpty))
        {
            throw new SpecException($"--trials: {points} points cannot be had of a grid, which has them all. " +
                "Add values to the file and submit it: what was trained is not trained again.");
        }
        bool hasBlocks = spec.Search.Scheduler is SchedulerKind.Halving or SchedulerKind.Hyperband or SchedulerKind.Screening;
        if (hasBlocks && extension.Trials > spec.Search.Trials)
        {
            throw new SpecException($"--trials: the blocks of {Words<SchedulerKind>.Of(spec.Search.Scheduler)} were made for " +
                $"{spec.Search.Trials} points. Submit the file with more: what was trained is not trained again.");
        }
        if (spec.Search.Decides && extension is not { Epochs: null, Replicates: null })
        {
            throw new SpecException($"{(extension.Epochs is null ? "--replicates" : "--epochs")}: this sweep's search has decided by " +
                $"the results that it has, and would have decided otherwise. {(hasBlocks ? "" : "Only --trials can extend it; or s")}" +
                $"{(hasBlocks ? "S" : "")}ubmit the file with other numbers: what was trained is not trained again.");
        }
        return spec with
        {
            Search = spec.Search with { Trials = Math.Max(spec.Search.Trials, extension.Trials ?? 0) },
            Replicates = Math.Max(spec.Replicates, extension.Replicates ?? 0),
        };
    }

    internal static readonly string TooManyRule = $"are more than {MaxTrials}";
    internal const string TooManyRemedy = "Take fewer values, a larger step, or `search: {trials: …}`.";

    /// <summary>The number of points before those that act alike become one.</summary>
    internal static double TrialCount(SweepSpec spec) => (spec.Trials.Length + Space.Count(spec)) * spec.Replicates;

    internal static IEnumerable<(string? Name, ImmutableSortedDictionary<string, SettingValue> Own)> Proposals(SweepSpec spec) =>
        spec.Trials.Select(t => ((string?)t.Name, t.Settings)).Concat(Space.Points(spec).Select(p => ((string?)null, p)));

    /// <summary>The points that are known, or for a search that finds them as it goes, some as it may find.</summary>
    internal static IEnumerable<ImmutableSortedDictionary<string, SettingValue>> Examples(SweepSpec spec) =>
        Proposals(spec).Select(p => p.Own).Concat(spec.Search.Sampler.IsListed() || spec.Parameters.IsEmpty ? []
            : Enumerable.Range(0, FewExamples).Select(i => Space.Drawn(spec, i)));

    private const int FewExamples = 64;

    private static ImmutableArray<string> Varying(SweepSpec spec) =>
        [.. spec.Parameters.Select(p => p.Name).Concat(spec.Trials.SelectMany(t => t.Settings.Keys)).Distinct()];
}
