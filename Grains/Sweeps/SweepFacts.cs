using System.Collections.Immutable;
using System.Text;
using Grains.Analysis;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Results;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;
using Grains.Storage.Journal;

namespace Grains.Sweeps;

/// <summary>Reads a sweep's rows in the form that the analysis takes.</summary>
public sealed class SweepFacts(JournalReader reader)
{
    /// <summary>Facts are read in parts, because a hundred thousand trials with all their epochs do not fit into a silo.</summary>
    private const int DigestedAtOnce = 1000;

    public static Ranking RankingOf(SweepRow sweep) =>
        new(Canonical.Read<Objective>(sweep.Objective), Canonical.Read<MetricVocabulary>(sweep.Metrics));

    public async Task<IReadOnlyList<TrialFacts>> Trials(SweepId sweep)
    {
        // States are read before measurements, so that the measurements hold what a state promises.
        var rows = await reader.Trials(sweep);
        var measurements = (await reader.Measurements(sweep)).ToLookup(m => m.Recipe);
        var trained = (await reader.TrainedEpochs(sweep)).ToLookup(e => e.Trial, e => e.Epoch);
        return [.. rows.Select(row => Of(row, measurements[row.Recipe], trained[row.Number]))];
    }

    public async Task<Digest?> ResultDigest(SweepId sweep)
    {
        var row = await reader.Sweep(sweep) ?? throw new InvalidOperationException($"Sweep {sweep} is not in the journal.");
        var ranking = RankingOf(row);
        var entries = new List<DigestEntry?>();
        for (int first = 1; ; first += DigestedAtOnce)
        {
            int last = first + DigestedAtOnce - 1;
            var rows = await reader.Trials(sweep, first, last);
            if (rows.Count == 0) break;
            var measurements = (await reader.Measurements(sweep, first, last)).ToLookup(m => m.Recipe);
            entries.AddRange(rows.Select(trial => Analysis.ResultDigest.EntryOf(Of(trial, measurements[trial.Recipe], []))));
        }
        return Analysis.ResultDigest.Of(ranking, entries);
    }

    /// <summary>The best epoch of a trial by its sweep's objective; null before the first.</summary>
    public async Task<int?> BestEpoch(SweepRow sweep, TrialRow trial) =>
        RankingOf(sweep).Best(
            (await reader.Measurements(new Digest(trial.Recipe), trial.Visible)).Select(m => m.ToMeasurement()))?.Epoch;

    /// <summary>Why there never are weights of a trial's best epoch; null where they are, or can be trained again.</summary>
    public async Task<string?> WhyNoBestWeights(TrialRow trial, int epoch)
    {
        var recipe = Recipe.Read(trial.RecipeJson);
        if (!recipe.Repeats && !(await reader.Checkpoints(new Digest(trial.Recipe))).Any(c => c.Epoch == epoch))
        {
            return $"Trial {trial.Number}: its program kept no state at its best epoch ({epoch}), and does not promise the same numbers " +
                "again (program.repeatable).";
        }
        if (recipe.Fork is { } fork && epoch < fork.Epoch)
            return $"Trial {trial.Number}: its best epoch ({epoch}) lies before epoch {fork.Epoch}, at which it was forked. Those weights are its parent's: export them there.";
        return await reader.Training(new Digest(trial.Recipe)) is { FailedFrom: { } failed, Reason: var reason } && failed <= epoch
            ? $"Trial {trial.Number}: its best epoch ({epoch}) is where its training failed, so that it has no weights there. {reason}" : null;
    }

    public async Task<SweepResults?> Results(SweepId sweep)
    {
        if (await reader.Sweep(sweep) is not { } row) return null;
        var table = ResultTable.Of(sweep, row.Name, row.State, row.Reason, RankingOf(row), await Trials(sweep));
        return table with { Sweep = table.Sweep with { Notes = await reader.Notes(sweep) } };
    }

    /// <summary>
    /// A trial's name. Without one, it is the values of the sweep's parameters in the trial. If this version cannot read the file any more,
    /// all settings are told.
    /// </summary>
    public static Func<TrialRow, string> LabelsOf(SweepRow sweep)
    {
        // When every trial has a name, nobody reads the file.
        var varied = new Lazy<HashSet<string>?>(() => SpecOf(sweep)?.Parameters.Select(p => p.Name).ToHashSet(StringComparer.Ordinal));
        return row => row.Name ?? string.Join(" ",
            ParametersOf(row).Where(p => varied.Value?.Contains(p.Key) != false).Select(p => $"{p.Key}={p.Value}"));
    }

    public static TrialState StateOf(TrialRow row) =>
        row.State != TrialState.Pending ? row.State
        : row.Leased == 1 ? TrialState.Running
        : row.Waits == 1 ? TrialState.Paused : row.State;

    /// <summary>The digest of the recipe, also where the training has a private name.</summary>
    public static Digest RecipeOf(TrialRow row) => Digest.Of(Encoding.UTF8.GetBytes(row.RecipeJson));

    /// <summary>The sweep's spec; null if this version cannot read the file any more.</summary>
    public static SweepSpec? SpecOf(SweepRow sweep) =>
        sweep.Spec is { } kept ? SweepSpec.Read(kept) : SweepSpecReader.Read(sweep.Text, sweep.FileName, sweep.Folder).Spec;

    public static ImmutableSortedDictionary<string, SettingValue> ParametersOf(TrialRow row) =>
        Canonical.Read<ImmutableSortedDictionary<string, SettingValue>>(row.Parameters);

    private static TrialFacts Of(TrialRow row, IEnumerable<MeasurementRow> measurements, IEnumerable<int> trained) => new()
    {
        Number = row.Number,
        Name = row.Name,
        Parameters = ParametersOf(row),
        Replicate = row.Replicate,
        Epochs = row.Epochs,
        Granted = row.Granted,
        Recipe = Recipe.Read(row.RecipeJson),
        RecipeDigest = RecipeOf(row),
        State = StateOf(row),
        Failure = row.Failure,
        Reason = row.Reason,
        Measurements = [.. measurements.Where(m => m.Epoch <= row.Visible).Select(m => m.ToMeasurement())],
        Trained = [.. trained],
        FinalCheckpoint = row.FinalCheckpoint is null ? null : new Digest(row.FinalCheckpoint),
        Silo = row.Silo,
        Attempt = row.Attempt,
        ParameterCount = row.ParameterCount,
    };
}
