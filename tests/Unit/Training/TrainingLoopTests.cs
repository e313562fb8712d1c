using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Training;
using static Tests.Unit.Training.Computing;

namespace Tests.Unit.Training;

public sealed class TrainingLoopTests
{
    [Theory]
    [InlineData("dense")]
    [InlineData("cnn")]
    public void ResumedTrainingHasTheBitsOfAStraightOne(string kind) => OnThread(() =>
    {
        var data = Stripes();
        var recipe = Recipe(Model(kind), data, optimizer: PlainAdam with { Decay = 0.01, WeightDecay = 1e-4 });
        var (straight, end) = Train(recipe, data, 4);
        var (first, middle) = Train(recipe, data, 2);
        var (second, resumed) = Train(recipe, data, 4, middle);

        Same(end, resumed);
        Assert.All(straight.Zip(first.AddRange(second)), p => Assert.True(p.First.SameNumbers(p.Second)));
    });

    [Theory]
    [InlineData("dense")]
    [InlineData("cnn")]
    public void TrainingsBesideEachOtherHaveTheBitsOfOneAlone(string kind)
    {
        var data = Stripes();
        var recipe = Recipe(Model(kind), data);
        var alone = OnThread(() => Train(recipe, data, 3).State);
        var joins = Enumerable.Range(0, 3).Select(_ => Begin(() => Train(recipe, data, 3).State)).ToList();
        Assert.All(joins, join => Same(alone, join()));
    }

    [Fact]
    public void ReplicatesDiffer() => OnThread(() =>
    {
        var data = Stripes();
        var one = Train(Recipe(Dense, data), data, 1).Measurements[0];
        var two = Train(Recipe(Dense, data, replicate: 2), data, 1).Measurements[0];
        Assert.NotEqual(one.Train.Loss, two.Train.Loss);
    });

    [Theory]
    [InlineData("dense")]
    [InlineData("cnn")]
    public void HalfPrecisionLearnsAndRepeatsWithOtherBitsThanFull(string kind) => OnThread(() =>
    {
        var data = Stripes(train: 300, validation: 60);
        var full = Recipe(Model(kind) with { Dropout = null }, data, optimizer: PlainAdam with { LearningRate = 1e-2 });
        var half = Recipe(full.Configuration.Model, data, optimizer: full.Configuration.Optimizer, precision: Precision.BFloat16);
        var (straight, end) = Train(half, data, 8);
        Same(end, Train(half, data, 8, Train(half, data, 4).State).State);
        Assert.True(straight[^1].Train.Loss < straight[0].Train.Loss / 2, $"from {straight[0].Train.Loss} to {straight[^1].Train.Loss}");
        double fullLoss = Train(full, data, 1).Measurements[0].Train.Loss;
        Assert.NotEqual(fullLoss, straight[0].Train.Loss);
        Assert.Equal(fullLoss, straight[0].Train.Loss, 0.05);
    });

    [Theory]
    [InlineData("dense")]
    [InlineData("cnn")]
    public void ATrivialDataSetIsLearned(string kind) => OnThread(() =>
    {
        var data = Stripes(train: 300, validation: 60);
        var recipe = Recipe(Model(kind) with { Dropout = null }, data, optimizer: PlainAdam with { LearningRate = 1e-2 });
        var last = Train(recipe, data, 12).Measurements[^1];
        Assert.True(last.Validation.Accuracy > 0.9, $"validation accuracy {last.Validation.Accuracy}");
        Assert.Equal(60, last.ValidationConfusion.Sum());
        Assert.Equal(last.Validation.Correct, Enumerable.Range(0, 3).Sum(k => last.ValidationConfusion[k * 4]));
        Assert.True(last.Penalty > 0);
        Assert.Equal(300, last.Train.Total);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public void OneSampleAndAllAtOnceAreBatches(int? batch) => OnThread(() =>
    {
        var data = Stripes(train: 9);
        var model = Dense with { BatchNorm = null };
        var measured = Train(Recipe(model, data, batch), data, 2).Measurements[^1];
        Assert.Equal(9, measured.Train.Total);
        Assert.True(double.IsFinite(measured.Train.Loss));
    });

    [Fact]
    public void BatchNormRefusesBatchesOfOne() => OnThread(() =>
    {
        var data = Stripes();
        var refusal = Assert.Throws<SpecException>(() => Train(Recipe(Dense, data, batch: 1), data, 1));
        Assert.StartsWith("batch_size: 1", refusal.Message);
    });

    [Fact]
    public void OtherDataThanTheRecipesAreRefused() => OnThread(() =>
    {
        var recipe = Recipe(Dense, Stripes());
        Assert.StartsWith("data: ", Assert.Throws<SpecException>(() => new TrainingLoop(recipe, Stripes(test: 12), Start(recipe))).Message);
    });

    [Fact]
    public void ALimitTakesTheFirstImages() => OnThread(() =>
    {
        var data = Stripes();
        var measured = Train(Recipe(Dense, data, limit: 17), data, 1).Measurements[0];
        Assert.Equal((17, 17, 13), (measured.Train.Total, measured.Validation.Total, measured.Test.Total));
    });

    [Fact]
    public void AnEmptySplitMeasuresNothing() => OnThread(() =>
    {
        var data = Stripes(test: 0);
        var measured = Train(Recipe(Dense, data), data, 1).Measurements[0];
        Assert.Equal(new SplitResult(0, 0, 0), measured.Test);
        Assert.Empty(measured.TestConfusion);
    });

    [Fact]
    public void DivergenceIsMeasuredNotThrown() => OnThread(() =>
    {
        var data = Stripes();
        var recipe = Recipe(Dense with { BatchNorm = null }, data,
            optimizer: new Sgd { LearningRate = 1e30, Decay = null, WeightDecay = null, Momentum = null });
        Assert.False(double.IsFinite(Train(recipe, data, 2).Measurements[^1].Train.Loss));
    });

    [Fact]
    public void ACancelledEpochCannotBeSaved() => OnThread(() =>
    {
        var data = Stripes();
        var recipe = Recipe(Dense, data);
        using var loop = new TrainingLoop(recipe, data, Start(recipe));
        Assert.Throws<OperationCanceledException>(() => loop.TrainEpoch(TimeProvider.System, new CancellationToken(canceled: true)));
        Assert.Throws<InvalidOperationException>(loop.Save);
    });

    [Fact]
    public void AThreadThatWasNotPreparedIsRefused()
    {
        var data = Stripes();
        var recipe = Recipe(Dense, data);
        Exception? refusal = null;
        var thread = new Thread(() => refusal = Record.Exception(() => new TrainingLoop(recipe, data, Start(recipe))));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(refusal);
    }

    [Fact]
    public void TheFingerprintRepeats()
    {
        var (hash, environment) = Fingerprint.Probe();
        Assert.Equal((hash, environment), Fingerprint.Probe());
        Assert.Matches("^[0-9a-f]{16}$", hash);
        Assert.Contains("libtorch", environment);
    }
}
