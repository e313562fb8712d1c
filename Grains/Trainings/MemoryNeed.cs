using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Training;

namespace Grains.Trainings;

/// <summary>
/// The bytes that a training takes, from its shapes alone. This is a lower estimate, so that what it refuses would not have fitted. The
/// workspaces of libtorch and the images, which all slots share, are not in it.
/// </summary>
/// <param name="Parameters">The weights, gradients and moments, and the copies of weights and moments that a checkpoint is written
/// from.</param>
/// <param name="Activations">The outputs of the layers for one batch. Gradients pass in memory that the layers share.</param>
/// <param name="Samples">The number of images in that batch.</param>
public sealed record MemoryNeed(long Parameters, long Activations, int Samples)
{
    public long Bytes => Parameters + Activations;

    public static MemoryNeed Of(ClassifierRecipe recipe)
    {
        var (configuration, data) = (recipe.Configuration, recipe.Data);
        var network = Network.Of(configuration.Model, data.Height, data.Width, data.Classes);
        int limit = configuration.Limit ?? int.MaxValue;
        int training = Math.Min(configuration.BatchSize ?? data.Train, Math.Min(limit, data.Train));
        int evaluation = Math.Min(TrainingLoop.EvaluationBatch(configuration.Model), Math.Min(limit, Math.Max(data.Validation, data.Test)));

        double weights = Floats(network.Tensors.Sum(t => (double)t.Count)), moments = weights * Moments(configuration.Optimizer);
        double parameters = weights + weights + moments + (weights + moments);
        // Views, and layers that compute in place, take nothing of their own.
        double outputs = Floats(
            network.Layers.Where(l => l is not (Flatten or Nonlinearity)).Sum(l => l.Output.Aggregate(1.0, (n, d) => n * d)));
        int samples = Math.Max(training, evaluation);
        return new MemoryNeed((long)parameters, (long)Math.Min(samples * outputs, long.MaxValue / 4), samples);
    }

    /// <summary>The reason why it does not fit, with the remedy; null when it may fit.</summary>
    /// <param name="share">The bytes that one slot may take.</param>
    public string? Refusal(long share, int slots) => Bytes <= share ? null
        : $"It needs at least {Text(Bytes)} ({Text(Parameters)} for the parameters, {Text(Activations)} for a batch of {Samples} " +
        $"images), and a slot has {Text(share)} " +
        $"of the silo's memory, which {(slots == 1 ? "it has alone" : $"{slots} slots share")}. " +
        "Take a smaller batch_size or model, or a silo with more memory for each slot; then `sweep retry`.";

    private static int Moments(OptimizerSpec optimizer) => optimizer switch
    {
        Adam => 2,
        Sgd { Momentum: not null } => 1,
        Sgd => 0,
        _ => throw new InvalidOperationException($"No optimizer {optimizer.GetType().Name}."),
    };

    private static double Floats(double count) => count * sizeof(float);

    private static string Text(long bytes) => FormattableString.Invariant($"{bytes / (double)(1 << 20):N0} MiB");
}
