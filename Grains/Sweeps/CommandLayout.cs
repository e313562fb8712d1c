using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Storage.Journal;
using Grains.Training;

namespace Grains.Sweeps;

/// <summary>Turns the plan of a sweep that runs a program of the user's into recipes.</summary>
internal static class CommandLayout
{
    public static PreparedSweep Of(SweepId id, SweepSpec spec, CommandSpec program, IEnumerable<PlannedTrial> planned, bool reuse,
        string? traceParent)
    {
        var package = program.Package ?? throw new InvalidOperationException($"Sweep {id} was submitted without its program's files.");
        string terms = Canonical.Json(new CommandTerms(program.Timeout));
        var trainings = new Dictionary<string, NewTraining>();
        var trials = new List<NewTrial>();
        foreach (var trial in planned)
        {
            var recipe = new CommandRecipe
            {
                Command = (CommandConfiguration)trial.Point.Configuration,
                Seed = spec.Seed,
                Replicate = trial.Replicate,
                InitialCheckpoint = package,
                NumericPath = NumericPath.Command,
            };
            string name = (reuse ? recipe.Digest() : SweepLayout.PrivateName(recipe, id, trial.Number)).Value;
            trainings.TryAdd(name, new NewTraining(name, recipe.Json(), terms, 0, traceParent, reuse));
            trials.Add(new NewTrial(id.Value, trial.Number, trial.Point.Name, Canonical.Json(trial.Point.Parameters), trial.Replicate,
                trial.Point.Epochs, name));
        }
        return new PreparedSweep([], [.. trainings.Values], trials)
        {
            Notes = program.Repeatable ? [] :
            [
                "The program does not promise the same numbers again (program.repeatable). So nothing of the sweep is shared, and its result " +
                "has no digest.",
            ],
        };
    }
}
