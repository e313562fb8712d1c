using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Training;

namespace Grains.Sweeps;

/// <summary>Turns the plan of a sweep that runs a program of the user's into recipes.</summary>
internal static class CommandLayout
{
    public static PreparedSweep Of(SweepId id, SweepSpec spec, CommandSpec program, IEnumerable<PlannedTrial> planned, bool reuse,
        string? traceParent)
    {
        string terms = Canonical.Json(new CommandTerms(program.Timeout));
        var prepared = ShippedLayout.Of(id, program, planned, reuse, traceParent, terms, (trial, package) => new CommandRecipe
        {
            Command = (CommandConfiguration)trial.Point.Configuration,
            Seed = spec.Seed,
            Replicate = trial.Replicate,
            InitialCheckpoint = package,
            NumericPath = NumericPath.Command,
        });
        return prepared with
        {
            Notes = program.Repeatable ? [] :
            [
                "The program does not promise the same numbers again (program.repeatable). So nothing of the sweep is shared, and its result " +
                "has no digest.",
            ],
        };
    }
}
