using Grains.Interfaces.Model;
using Grains.Training;
using static Tests.Unit.Training.Computing;

namespace Tests.Unit.Training;

/// <summary>A recipe names the versions of the code that makes its numbers, and trains with no other.</summary>
public sealed class NumericPathTests
{
    private const string Shared = "loop:1,loss:1,network:1,random:1,report:1";

    private static readonly Configuration Plain = Recipe(Dense with { BatchNorm = null, Dropout = null }, Stripes(),
        optimizer: PlainAdam).Configuration;

    private static readonly Sgd PlainSgd = new() { LearningRate = 0.1, Decay = null, WeightDecay = null, Momentum = null };

    [Fact]
    public void PathNamesTheBlocksThatAConfigurationUsesAndNoOther()
    {
        const string Way = "classifier/explicit/threads=1/";
        Assert.Equal($"{Way}activation:1,adam:1,dense:1,explicit:1,{Shared},start:1,weights:1", NumericPath.Of(Plain));
        Assert.Equal($"{Way}dense:1,explicit:1,{Shared},sgd:1,weights:1", NumericPath.Of(Plain with
        {
            Model = Dense with { Hidden = [], Activation = null, Initializer = null, BatchNorm = null, Dropout = null },
            Optimizer = PlainSgd,
        }));
        Assert.Equal($"{Way}activation:1,adam:1,convolution:1,dense:1,dropout:1,explicit:1,loop:1,loss:1,network:1,norm:1,pooling:1," +
            "random:1,report:1,start:1,weights:1", NumericPath.Of(Plain with { Model = Cnn with { BatchNorm = new(1e-5, 0.1), Dropout = 0.1 } }));
        Assert.Equal($"classifier/autograd/threads=1/adam:1,autograd:1,bf16:1,{Shared},start:1,weights:1",
            NumericPath.Of(Plain with { Precision = Precision.BFloat16 }));
    }

    [Fact]
    public void PathsOfAllConfigurationsCanBeTrainedHere() => Assert.All(
        new[] { Plain, Plain with { Model = Cnn }, Plain with { Precision = Precision.BFloat16 }, Plain with { Optimizer = PlainSgd } },
        c => Assert.Equal([], CodeOffer.Own.Lacks(NumericPath.Of(c)).Concat(CodeOffer.Own.Lacks(NumericPath.General(c)))));

    /// <summary>The release before blocks had versions named its code by a hash of all its sources.</summary>
    [Theory]
    [InlineData("dense", Precision.Float32)]
    [InlineData("cnn", Precision.Float32)]
    [InlineData("dense", Precision.BFloat16)]
    public void RecipeOfTheLastReleaseTrainsToTheSameBytes(string kind, Precision precision) => OnThread(() =>
    {
        var data = Stripes();
        var recipe = Recipe(Model(kind), data, precision: precision);
        string way = precision == Precision.Float32 ? "explicit" : "autograd";
        var earlier = recipe with { NumericPath = $"027596d00df25e06/threads=1/path={way}" };
        Same(Train(recipe, data, 2).State, Train(earlier, data, 2).State);
    });

    [Theory]
    [InlineData("89abcdef01234567/threads=1/path=explicit", "89abcdef01234567/threads=1/path=explicit", "other code")]
    [InlineData("classifier/explicit/threads=1/adam:2,dense:1,loop:1", "adam:2", "adam:1")]
    [InlineData("classifier/explicit/threads=1/adam:2,gelu:1", "adam:2, gelu:1", "adam:1 and no gelu")]
    [InlineData("classifier/explicit/threads=2/adam:1", "classifier/explicit/threads=2", "other code")]
    public void RecipeOfOtherCodeIsRefusedWithWhatItNeeds(string path, string needed, string own) => OnThread(() =>
    {
        var data = Stripes();
        var recipe = Recipe(Dense, data) with { NumericPath = path };
        string message = Assert.Throws<SpecException>(() => new TrainingLoop(recipe, data, Start(recipe))).Message;
        Assert.Contains($"needs {needed}, and this program has {own}.", message, StringComparison.Ordinal);
    });

    [Fact]
    public void PathIsReadFromARecipeThatThisProgramCannotRead()
    {
        const string Later = """{"configuration":{"model":{"kind":"new"}},"numeric_path":"p"}""";
        Assert.Equal("p", Grains.Interfaces.Model.Recipe.NumericPathOf(Later));
        Assert.Equal("", Grains.Interfaces.Model.Recipe.NumericPathOf("{}"));
        Assert.Equal([], CodeOffer.Own.Lacks(""));
    }
}
