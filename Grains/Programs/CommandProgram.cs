using Grains.Hosting;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;
using Grains.Storage.Checkpoints;
using Grains.Training;

namespace Grains.Programs;

/// <summary>Programs of the user's, which silos start as processes.</summary>
public sealed class CommandProgram(CheckpointCache kept, SweepOptions options) : ITrainingProgram
{
    /// <summary>The folder in which a silo's programs run.</summary>
    public static string ScratchOf(SweepOptions options) => Path.Combine(options.Home, "programs", options.SiloName);

    public bool Runs(Recipe recipe) => recipe is CommandRecipe;

    // Which way is better is the sweep's to say, and stands in its objective. Any goal makes a metric that must be finite.
    public MetricVocabulary MetricsOf(Recipe recipe) =>
        new([.. ((CommandRecipe)recipe).Command.Metrics.Select(Finite)], []);

    /// <summary>Nobody knows what a program will take. It is ended when it takes more than its share.</summary>
    public string? Refusal(Recipe recipe, long share, int slots) => null;

    public TrainingState FirstState(Recipe recipe) => new(0, [], null);

    public IEpochLoop Begin(LoopStart start, CancellationToken ct)
    {
        var recipe = (CommandRecipe)start.Recipe;
        var work = new CommandWork
        {
            Run = recipe.Command.Arguments(),
            ParametersJson = Canonical.Json(recipe.Command.Parameters),
            Metrics = recipe.Command.Metrics,
            Seed = recipe.Seed,
            Replicate = recipe.Replicate,
            Repeatable = recipe.Repeats,
            Files = FilesOf(recipe),
            Timeout = Canonical.Read<CommandTerms>(start.Beside).Timeout,
        };
        var host = new CommandHost
        {
            Scratch = ScratchOf(options),
            LogFile = Path.Combine(options.Home, "logs", "trainings", $"{start.Training.Short}.log"),
            Slot = start.Slot,
            Memory = options.Memory / options.Slots,
            Guard = options.Guard,
        };
        return new CommandLoop(work, host, start.State);
    }

    private static Metric Finite(string name) => new(name, Split.Train, MetricForm.Number, Goal.Minimize, "1", "");

    private byte[] FilesOf(CommandRecipe recipe)
    {
        try
        {
            return kept.Get(recipe.InitialCheckpoint);
        }
        catch (Exception e) when (e is FileNotFoundException or CheckpointDamagedException)
        {
            throw new SpecException(
                $"program.files: the copy {recipe.InitialCheckpoint.Short} that the sweep was submitted with is gone or damaged. " +
                "Submit the sweep again: it ships the files anew.");
        }
    }
}
