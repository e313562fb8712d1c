using Grains.Hosting;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Training;
using Grains.Training.Data;

namespace Grains.Trainings;

/// <summary>The built-in classifier of images.</summary>
/// <param name="begin">Makes the loop; null for the one that computes. Tests and benchmarks give another.</param>
public sealed class ClassifierProgram(
    StartingWeights starting, DatasetCache datasets, SweepOptions options, Func<ClassifierRecipe, Dataset, TrainingState, IEpochLoop>? begin = null)
    : ITrainingProgram
{
    public bool Runs(Recipe recipe) => recipe is ClassifierRecipe;

    public MetricVocabulary MetricsOf(Recipe recipe) => ClassifierResult.Metrics;

    public string? Refusal(Recipe recipe, long share, int slots) => MemoryNeed.Of((ClassifierRecipe)recipe).Refusal(share, slots);

    public TrainingState FirstState(Recipe recipe) => new(0, starting.Of((ClassifierRecipe)recipe), null);

    public IEpochLoop Begin(LoopStart start, CancellationToken ct)
    {
        var recipe = (ClassifierRecipe)start.Recipe;
        // This thread belongs to the training, and nothing else waits behind it.
        var data = datasets.GetAsync(Canonical.Read<DataSpec>(start.Beside), ct).GetAwaiter().GetResult();
        if (data.Identity != recipe.Data)
        {
            throw new SpecException($"data: silo {options.SiloName} finds other images than the sweep was prepared with " +
                $"({data.Identity.Digest.Short}, not {recipe.Data.Digest.Short}). Give every silo the same files and submit again.");
        }
        return begin?.Invoke(recipe, data, start.State) ?? new TrainingLoop(recipe, data, start.State);
    }
}
