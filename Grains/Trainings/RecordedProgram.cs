using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Recorded;
using Grains.Storage.Checkpoints;
using Grains.Training;

namespace Grains.Trainings;

/// <summary>Replays curves that were recorded elsewhere.</summary>
public sealed class RecordedProgram(CheckpointCache kept) : ITrainingProgram
{
    private readonly Lock _gate = new();
    private (Digest Package, string Task, RecordedCurves Curves)? _last;

    public bool Runs(Recipe recipe) => recipe is RecordedRecipe;

    public MetricVocabulary MetricsOf(Recipe recipe) => new(
        [.. ((RecordedRecipe)recipe).Recorded.Metrics.Select(m => new Metric(m, Split.Train, MetricForm.Number, Goal.Minimize, "1", ""))], []);

    public string? Refusal(Recipe recipe, long share, int slots) => null;

    public TrainingState FirstState(Recipe recipe) => new(0, [], null);

    public IEpochLoop Begin(LoopStart start, CancellationToken ct)
    {
        var recipe = (RecordedRecipe)start.Recipe;
        return new RecordedLoop(CurvesOf(recipe.InitialCheckpoint, recipe.Recorded.Task), recipe.Recorded, start.State);
    }

    /// <summary>The curves of a package. Trials of one sweep share them.</summary>
    /// <exception cref="SpecException">The package is gone, or a file in it is malformed.</exception>
    public RecordedCurves CurvesOf(Digest package, string task)
    {
        lock (_gate)
        {
            if (_last is { } last && last.Package == package && last.Task == task) return last.Curves;
            var curves = RecordedCurves.Of(Read(package), task);
            _last = (package, task, curves);
            return curves;
        }
    }

    private byte[] Read(Digest package)
    {
        try
        {
            return kept.Get(package);
        }
        catch (Exception e) when (e is FileNotFoundException or CheckpointDamagedException)
        {
            throw new SpecException($"program.recorded: the copy {package.Short} that the sweep was submitted with is gone or damaged. " +
                "Submit the sweep again: it ships the files anew.");
        }
    }
}
