using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Training;

/// <summary>What the recipes of one kind run.</summary>
public interface ITrainingProgram
{
    /// <summary>Whether the recipe is of this program's kind.</summary>
    bool Runs(Recipe recipe);

    /// <summary>What it reports for each epoch.</summary>
    MetricVocabulary MetricsOf(Recipe recipe);

    /// <summary>The reason why a recipe does not fit into a slot, with the remedy; null when it may fit.</summary>
    /// <param name="share">The bytes that one slot may take.</param>
    string? Refusal(Recipe recipe, long share, int slots);

    /// <summary>The state before the first epoch.</summary>
    /// <exception cref="SpecException">What the recipe starts from is not kept any more.</exception>
    TrainingState FirstState(Recipe recipe);

    /// <summary>Makes a recipe ready to go on from a state, on the calling thread.</summary>
    /// <exception cref="SpecException">The state does not fit, or the recipe asks for what cannot be trained.</exception>
    IEpochLoop Begin(LoopStart start, CancellationToken ct);
}

/// <summary>What a loop begins with.</summary>
/// <param name="Training">The name of the training, which is not the recipe's digest where it is not shared.</param>
/// <param name="Beside">What stands beside the recipe and determines no number, as JSON: the place of the images, or a command's terms.</param>
/// <param name="Slot">The silo's slot that trains, counted from 0.</param>
public sealed record LoopStart(Digest Training, Recipe Recipe, string Beside, TrainingState State, int Slot);

/// <summary>The training programs of a silo.</summary>
public sealed class TrainingPrograms(IEnumerable<ITrainingProgram> programs)
{
    /// <summary>The program that a recipe runs.</summary>
    public ITrainingProgram Of(Recipe recipe) => programs.FirstOrDefault(p => p.Runs(recipe))
        ?? throw new SpecException($"This silo has no program for a {recipe.GetType().Name}. Start a silo of the release that took the sweep.");
}
