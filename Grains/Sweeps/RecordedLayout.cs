using System.Globalization;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Recorded;
using Grains.Interfaces.Model.Specs;
using Grains.Storage.Journal;
using Grains.Training;

namespace Grains.Sweeps;

/// <summary>Turns the plan of a sweep that replays recorded curves into recipes.</summary>
internal static class RecordedLayout
{
    public static PreparedSweep Of(SweepId id, SweepSpec spec, RecordedSpec program, RecordedCurves curves, IEnumerable<PlannedTrial> planned,
        bool reuse, string? traceParent)
    {
        var package = program.Package ?? throw new InvalidOperationException($"Sweep {id} was submitted without its recorded curves.");
        // A search brings its points later, and what is wrong is wrong from the start.
        if (curves.Refusal(program, spec.Budget) is { } wrong)
            throw new SpecException(wrong);
        var trainings = new Dictionary<string, NewTraining>();
        var trials = new List<NewTrial>();
        int exact = 0;
        foreach (var trial in planned)
        {
            var recorded = (RecordedConfiguration)trial.Point.Configuration;
            if (curves.Refusal(recorded, trial.Point.Epochs) is { } refusal) throw new SpecException(refusal);
            if (curves.Nearest(recorded).IsExact) exact++;
            var recipe = new RecordedRecipe
            {
                Recorded = recorded,
                Seed = spec.Seed,
                Replicate = trial.Replicate,
                InitialCheckpoint = package,
                NumericPath = NumericPath.Recorded,
            };
            string name = (reuse ? recipe.Digest() : SweepLayout.PrivateName(recipe, id, trial.Number)).Value;
            trainings.TryAdd(name, new NewTraining(name, recipe.Json(), "", 0, traceParent, reuse));
            trials.Add(new NewTrial(id.Value, trial.Number, trial.Point.Name, Canonical.Json(trial.Point.Parameters), trial.Replicate,
                trial.Point.Epochs, name));
        }
        return new PreparedSweep([], [.. trainings.Values], trials)
        {
            Notes = trials.Count == exact ? [] :
            [
                string.Create(CultureInfo.InvariantCulture,
                    $"{trials.Count - exact} of {trials.Count} trials were not recorded: each replays the nearest of {curves.Count} configurations."),
            ],
        };
    }
}
