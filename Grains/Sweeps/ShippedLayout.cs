using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Storage.Journal;

namespace Grains.Sweeps;

/// <summary>Turns planned trials into rows, for programs that a submission ships files for. They differ in the recipe alone.</summary>
internal static class ShippedLayout
{
    /// <param name="beside">What stands beside each recipe and determines no number, as JSON.</param>
    /// <param name="recipeOf">Makes the recipe of a trial, with the shipped files as its start.</param>
    public static PreparedSweep Of(SweepId id, ShippedSpec program, IEnumerable<PlannedTrial> planned, bool reuse, string? traceParent,
        string beside, Func<PlannedTrial, Digest, Recipe> recipeOf)
    {
        var package = program.Package ?? throw new InvalidOperationException($"Sweep {id} was submitted without its program's files.");
        var trainings = new Dictionary<string, NewTraining>();
        var trials = new List<NewTrial>();
        foreach (var trial in planned)
        {
            var recipe = recipeOf(trial, package);
            string name = (reuse ? recipe.Digest() : SweepLayout.PrivateName(recipe, id, trial.Number)).Value;
            trainings.TryAdd(name, new NewTraining(name, recipe.Json(), beside, 0, traceParent, reuse));
            trials.Add(new NewTrial(id.Value, trial.Number, trial.Point.Name, Canonical.Json(trial.Point.Parameters), trial.Replicate,
                trial.Point.Epochs, name));
        }
        return new PreparedSweep([], [.. trainings.Values], trials);
    }
}
