using Grains.Analysis.Effects;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Views;
using Grains.Storage.Journal;

namespace Grains.Sweeps;

/// <summary>
/// Reads of each trial the one number that effects need. Epochs are read in parts and without their tables of counts, so that a large sweep
/// takes little memory.
/// </summary>
public sealed class SweepEffects(JournalReader reader)
{
    private const int TrialsAtOnce = 1000;

    /// <summary>The table from which effects are taken; null when there is no such sweep.</summary>
    /// <exception cref="SpecException">The question names a metric, a setting or a value that is not there.</exception>
    public async Task<EffectTable?> Of(SweepId sweep, EffectsQuestion about)
    {
        if (await reader.Sweep(sweep) is not { } row) return null;
        var ranking = SweepFacts.RankingOf(row);
        string metric = EffectTable.MetricOf(ranking, about.Metric);
        return new EffectTable(sweep, row.State, ranking, metric, await Trials(sweep, ranking, ranking.Metrics.IndexOf(metric)),
            SweepFacts.SpecOf(row)?.Parameters ?? [], about.Where, SweepSpecs.OfSearch(row) is not null);
    }

    private async Task<List<EffectTrial>> Trials(SweepId sweep, Ranking ranking, int metric)
    {
        var trials = new List<EffectTrial>();
        for (int first = 1; ; first += TrialsAtOnce)
        {
            int last = first + TrialsAtOnce - 1;
            // States are read before measurements, so that the measurements hold what a state promises.
            var rows = await reader.Trials(sweep, first, last);
            if (rows.Count == 0) return trials;
            var measured = (await reader.Metrics(sweep, first, last)).ToLookup(m => m.Recipe);
            trials.AddRange(rows.Select(t => EffectTrial.Of(t.Number, SweepFacts.ParametersOf(t), t.Epochs, t.Replicate,
                SweepFacts.StateOf(t), t.Failure, Value(t, measured[t.Recipe]))));
        }

        double? Value(TrialRow trial, IEnumerable<MeasurementRow> epochs) =>
            ranking.Reading([.. epochs.Where(m => m.Epoch <= trial.Visible).Select(m => m.ToMeasurement())]) is { Values: var values }
                && values.IsOfSomething(metric) ? values.Value(metric) : null;
    }
}
