using System.Text.Json.Serialization;
using Grains.Interfaces.Model;

namespace Tests.Unit.Specs;

public sealed class CanonicalRecipeTests
{
    [Theory]
    [InlineData("training: {learning_rate: 2e-3}")]
    [InlineData("training: {decay: 1e-6}")]
    [InlineData("training: {batch_size: full}")]
    [InlineData("training: {batch_size: 32}")]
    [InlineData("training: {limit: 100}")]
    [InlineData("training: {precision: bf16}")]
    [InlineData("training: {beta1: 0.8}")]
    [InlineData("training: {beta2: 0.9}")]
    [InlineData("training: {epsilon: 1e-7}")]
    [InlineData("model: {hidden: [150, 300]}")]
    [InlineData("model: {hidden: []}")]
    [InlineData("training: {optimizer: adamw}")]
    [InlineData("training: {optimizer: sgd}")]
    [InlineData("training: {weight_decay: 0.1}")]
    [InlineData("model: {hidden: [300]}")]
    [InlineData("model: {activation: elu}")]
    [InlineData("model: {initializer: glorot_uniform}")]
    [InlineData("model: {batch_norm: true}")]
    [InlineData("model: {dropout: 0.1}")]
    [InlineData("model: {l2: 0.1}")]
    [InlineData("model: {kind: cnn}")]
    public void WhatActsChangesTheDigest(string text) => Assert.NotEqual(DigestOf(""), DigestOf(text));

    [Theory]
    [InlineData("", "training: {momentum: 0.9}")]
    [InlineData("", "training: {epochs: 40}")]
    [InlineData("", "training: {weight_decay: 0, decay: 0.0}")]
    [InlineData("", "model: {leaky_slope: 0.3}")]
    [InlineData("", "model: {filters: [8], dense: [4]}")]
    [InlineData("", "model: {dropout: 0, l2: 0}")]
    [InlineData("", "model: {batch_norm_epsilon: 1e-3, batch_norm_momentum: 0.01}")]
    [InlineData("", "model: {batch_norm: false, kind: dense, hidden: [300, 150]}")]
    [InlineData("training: {optimizer: sgd}", "training: {optimizer: sgd, beta1: 0.5, beta2: 0.5, epsilon: 1}")]
    [InlineData("model: {kind: cnn}", "model: {kind: cnn, hidden: [7]}")]
    [InlineData("model: {hidden: []}", "model: {hidden: [], activation: leaky_relu, leaky_slope: 0.2, batch_norm: true, dropout: 0.5}")]
    [InlineData("initial_checkpoint: a.safetensors", "initial_checkpoint: a.safetensors\nmodel: {initializer: glorot_normal}")]
    public void WhatDoesNotActLeavesTheDigest(string one, string other) => Assert.Equal(DigestOf(one), DigestOf(other));

    [Theory]
    [InlineData("model: {activation: leaky_relu}", "model: {activation: leaky_relu, leaky_slope: 0.3}")]
    [InlineData("model: {batch_norm: true}", "model: {batch_norm: true, batch_norm_epsilon: 1e-3}")]
    [InlineData("training: {optimizer: sgd}", "training: {optimizer: sgd, momentum: 0.9}")]
    [InlineData("model: {batch_norm: true}", "model: {batch_norm: true, batch_norm_momentum: 0.01}")]
    [InlineData("model: {kind: cnn}", "model: {kind: cnn, filters: [4]}")]
    [InlineData("model: {kind: cnn}", "model: {kind: cnn, dense: [4]}")]
    [InlineData("", "initial_checkpoint: a.safetensors")]
    public void WhatActsOnlyHereChangesTheDigestHere(string one, string other) => Assert.NotEqual(DigestOf(one), DigestOf(other));

    private static readonly Dictionary<string, Func<ClassifierRecipe, ClassifierRecipe>> Parts = new()
    {
        ["data"] = r => r with { Data = r.Data with { Digest = Digest.Of([3]) } },
        ["height"] = r => r with { Data = r.Data with { Height = 31 } },
        ["classes"] = r => r with { Data = r.Data with { Classes = 5 } },
        ["seed"] = r => r with { Seed = 2 },
        ["replicate"] = r => r with { Replicate = 2 },
        ["initial checkpoint"] = r => r with { InitialCheckpoint = Digest.Of([4]) },
        ["fork"] = r => r with { Fork = new Fork(Digest.Of([5]), 3, Digest.Of([6]), Digest.Of([7])) },
        ["numeric path"] = r => r with { NumericPath = "other" },
    };

    [Theory]
    [InlineData("data")]
    [InlineData("height")]
    [InlineData("classes")]
    [InlineData("seed")]
    [InlineData("replicate")]
    [InlineData("initial checkpoint")]
    [InlineData("fork")]
    [InlineData("numeric path")]
    public void EveryPartOfTheRecipeChangesTheDigest(string part) => Assert.NotEqual(DigestOf(""), Parts[part](RecipeOf("")).Digest());

    /// <summary>A property that is added to the recipe must be added to <see cref="Parts"/>, or to the settings above, too.</summary>
    [Fact]
    public void TheRecipeHasThesePartsAndNoOther() => Assert.Equal(
        ["Configuration", "Data", "Fork", "InitialCheckpoint", "NumericPath", "Replicate", "Seed"],
        typeof(ClassifierRecipe).GetProperties().Where(p => !p.IsDefined(typeof(JsonIgnoreAttribute), inherit: true))
            .Select(p => p.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void ALimitThatDoesNotBindAndABatchThatHoldsAllAreNoPartOfIt()
    {
        Assert.Equal(OnData(""), OnData("training: {limit: 6000}"));
        Assert.Equal(OnData("training: {batch_size: full}"), OnData("training: {batch_size: 6000}"));
        Assert.Equal(OnData("training: {limit: 100, batch_size: full}"), OnData("training: {limit: 100, batch_size: 200}"));
        Assert.NotEqual(OnData(""), OnData("training: {limit: 5999}"));

        static Digest OnData(string text)
        {
            var recipe = RecipeOf(text);
            return (recipe with { Configuration = recipe.Configuration.For(recipe.Data) }).Digest();
        }
    }

    [Fact]
    public void ARecipeReadsBackFromItsCanonicalForm()
    {
        var configuration = SpecFiles.Plan("model: {kind: cnn, batch_norm: true, activation: leaky_relu}\ntraining: " +
            "{optimizer: adamw}").Points[0].Configuration;
        string json = configuration.Json();
        Assert.Equal(json, Canonical.Read<Configuration>(json).Json());
    }

    private static Digest DigestOf(string text) => RecipeOf(text).Digest();

    private static ClassifierRecipe RecipeOf(string text) => new()
    {
        Configuration = (Configuration)SpecFiles.Plan(text).Points[0].Configuration,
        Data = new DataIdentity(Digest.Of([1]), 32, 32, 4, 6000, 1500, 1500),
        Seed = 1,
        Replicate = 1,
        InitialCheckpoint = Digest.Of([2]),
        NumericPath = "test",
    };
}
