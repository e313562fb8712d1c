using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Storage.Checkpoints;
using Grains.Training.Checkpoints;
using Microsoft.Extensions.Logging;

namespace Grains.Trainings;

/// <summary>
/// Gives the weights that a recipe begins with. A drawn checkpoint whose file is gone or damaged is drawn again, to the same bytes.
/// </summary>
public sealed partial class StartingWeights(CheckpointCache kept, CheckpointStore store, ILogger<StartingWeights> logger)
{
    /// <summary>The initial bytes, shared by all slots: never write into them.</summary>
    /// <exception cref="SpecException">The weights are a file of the user's, of which no copy is left.</exception>
    public byte[] Of(ClassifierRecipe recipe)
    {
        try
        {
            return kept.Get(recipe.InitialCheckpoint);
        }
        catch (Exception e) when (e is FileNotFoundException or CheckpointDamagedException)
        {
            if (Drawn(recipe) is not { } bytes)
            {
                throw new SpecException(
                    $"initial_checkpoint: the copy {recipe.InitialCheckpoint.Short} that the sweep was prepared with is gone. " +
                    "Submit the sweep again: it reads the file anew.");
            }
            LogDrawn(recipe.InitialCheckpoint.Short, e.Message);
            store.Put(bytes, CancellationToken.None).GetAwaiter().GetResult();
            return bytes;
        }
    }

    /// <summary>Draws the weights again; null when the recipe's start was not drawn.</summary>
    private static byte[]? Drawn(ClassifierRecipe recipe)
    {
        var (model, data) = (recipe.Configuration.Model, recipe.Data);
        if (model.Initializer is not { } initializer) return null;
        byte[] bytes = InitialCheckpoint.Draw(Network.Of(model, data.Height, data.Width, data.Classes), initializer, recipe.Seed,
            recipe.Replicate);
        return Digest.Of(bytes) == recipe.InitialCheckpoint ? bytes : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Initial checkpoint {Checkpoint} is drawn again: {Reason}")]
    private partial void LogDrawn(string checkpoint, string reason);
}
