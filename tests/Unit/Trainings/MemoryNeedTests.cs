using Grains.Interfaces.Model;
using Grains.Trainings;
using Tests.Unit.Training;

namespace Tests.Unit.Trainings;

public sealed class MemoryNeedTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void ParametersCountWithGradientsMomentsAndTheCopyThatIsSaved()
    {
        var recipe = Recipe(batch: 1, validation: 1, Computing.PlainAdam);
        long weights = 4 * ((1024 * 1000) + 1000 + (1000 * 4) + 4);
        Assert.Equal((2 + 2 + 3) * weights, MemoryNeed.Of(recipe).Parameters);
        Assert.Equal(3 * weights, MemoryNeed.Of(recipe with { Configuration = recipe.Configuration with { Optimizer = Sgd } }).Parameters);
    }

    [Fact]
    public void ActivationsAreThoseOfTheLargerOfBatchAndEvaluation()
    {
        Assert.Equal((4L * 1004 * 6000, 6000), Activations(Recipe(batch: null, validation: 100, Sgd)));
        Assert.Equal((4L * 1004 * 512, 512), Activations(Recipe(batch: 8, validation: 1500, Sgd)));
        Assert.Equal((4L * 1004 * 100, 100), Activations(Recipe(batch: 8, validation: 100, Sgd)));
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedWithWhatItNeedsAndWhatThereIs()
    {
        var need = new MemoryNeed(300 * MiB, 900 * MiB, 6000);
        Assert.Null(need.Refusal(1200 * MiB, slots: 2));
        string refusal = need.Refusal((1200 * MiB) - 1, slots: 2)!;
        foreach (string told in (string[])["1,200 MiB", "300 MiB", "900 MiB", "6000 images", "2 slots share", "batch_size", "sweep retry"])
            Assert.Contains(told, refusal, StringComparison.Ordinal);
    }

    private static Sgd Sgd => new() { LearningRate = 1, Decay = null, WeightDecay = null, Momentum = null };

    private static (long, int) Activations(ClassifierRecipe recipe) => (MemoryNeed.Of(recipe).Activations, MemoryNeed.Of(recipe).Samples);

    private static ClassifierRecipe Recipe(int? batch, int validation, OptimizerSpec optimizer) => new()
    {
        Configuration = new Configuration
        {
            Model = Computing.Dense with { Hidden = [1000], BatchNorm = null, Dropout = null },
            Optimizer = optimizer,
            BatchSize = batch,
            Limit = null,
            Precision = Precision.Float32,
        },
        Data = new DataIdentity(Digest.Of("data"u8), 32, 32, 4, 6000, validation, validation),
        Seed = 1,
        Replicate = 1,
        InitialCheckpoint = Digest.Of("initial"u8),
        NumericPath = "",
    };
}
