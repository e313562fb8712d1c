using System.Globalization;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Recorded;
using Grains.Interfaces.Model.Specs;
using Grains.Training;

namespace Grains.Sweeps;

/// <summary>Turns the plan of a sweep that replays recorded curves into recipes.</summary>
internal static class RecordedLayout
{
    public static PreparedSweep Of(SweepId id, SweepSpec spec, RecordedSpec program, RecordedCurves curves, IEnumerable<PlannedTrial> planned,
        bool reuse, string? traceParent)
    {
        // A search brings its points later, and what is wrong is wrong from the start.
        if (curves.Refusal(program, spec.Budget) is { } wrong) throw new SpecException(wrong);
        int exact = 0;
        var prepared = ShippedLayout.Of(id, program, planned, reuse, traceParent, "", (trial, package) =>
        {
            var recorded = (RecordedConfiguration)trial.Point.Configuration;
            if (curves.Refusal(recorded, trial.Point.Epochs) is { } refusal) throw new SpecException(refusal);
            if (curves.Nearest(recorded).IsExact) exact++;
            return new RecordedRecipe
            {
                Recorded = recorded,
                Seed = spec.Seed,
                Replicate = trial.Replicate,
                InitialCheckpoint = package,
                NumericPath = NumericPath.Recorded,
            };
        });
        int trials = prepared.Trials.Count;
        return prepared with
        {
            Notes = trials == exact ? [] :
            [
                string.Create(CultureInfo.InvariantCulture,
                    $"{trials - exact} of {trials} trials were not recorded: each replays the nearest of {curves.Count} configurations."),
            ],
        };
    }
}
