using System.Text.Json.Nodes;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Sweeps;
using Grains.Training.Checkpoints;

namespace Tests.Unit.Sweeps;

public sealed class ExportedWeightsTests
{
    private static readonly TrialId Trial = new(new SweepId("rates-p8qn6n"), 3);

    [Fact]
    public void TheTensorsAreThoseThatAreKeptBitForBit()
    {
        byte[] kept = Drawn(Cnn);
        var exported = Safetensors.Read(Export(kept, Cnn));
        var tensors = Safetensors.Read(kept).Tensors;
        Assert.Equal(tensors.Select(t => t.Name), exported.Tensors.Select(t => t.Name));
        foreach (var (one, two) in tensors.Zip(exported.Tensors)) Assert.Equal(one.Values, two.Values);
        Assert.Equal(kept, Safetensors.Write(exported.Tensors));
        Assert.Equal(Digest.Of(kept).Value, exported.Metadata["weights"]);
    }

    [Fact]
    public void TheHeaderIsAlignedAndItsOffsetsFillTheFile()
    {
        byte[] file = Export(Drawn(Dense), Dense);
        long header = BitConverter.ToInt64(file);
        Assert.Equal(0, (8 + header) % 8);
        var tensors = JsonNode.Parse(file.AsSpan(8, (int)header))!.AsObject().Where(p => p.Key != "__metadata__");
        Assert.Equal(file.Length - 8 - header, tensors.Max(t => t.Value!["data_offsets"]![1]!.GetValue<long>()));
    }

    [Fact]
    public void MetadataSayWhatTheNetworkIsInTheOrderInWhichAnImagePassesIt()
    {
        var about = Safetensors.Read(Export(Drawn(Dense), Dense)).Metadata;
        var layers = JsonNode.Parse(about["layers"])!.AsArray();
        Assert.Equal(["flatten", "linear", "leaky_relu", "batch_norm", "dropout", "linear"], layers.Select(l => (string?)l!["kind"]));
        Assert.Equal("dense1", (string?)layers[1]!["name"]);
        Assert.Equal(0.3, (double)layers[2]!["slope"]!);
        Assert.Equal(0.001, (double)layers[3]!["epsilon"]!);
        Assert.Equal("leaky_relu", about["activation"]);
        Assert.Equal("after activation", about["batch_norm"]);
        Assert.Equal("0.001", about["batch_norm_epsilon"]);
        Assert.Equal("[1,8,8]", about["input"]);
        Assert.Equal(["a b", "c\"d", "漢"], JsonNode.Parse(about["classes"])!.AsArray().Select(c => (string?)c));
        Assert.Equal(64, about["recipe"].Length);
        Assert.Equal(("rates-p8qn6n", "3", "7", "pt"), (about["sweep"], about["trial"], about["epoch"], about["format"]));

        // In a CNN dropout stands between activation and normalization, and pooling behind every other block.
        var cnn = JsonNode.Parse(Safetensors.Read(Export(Drawn(Cnn), Cnn)).Metadata["layers"])!.AsArray();
        Assert.Equal(["convolution", "relu", "dropout", "batch_norm", "max_pooling", "convolution"],
            cnn.Take(6).Select(l => (string?)l!["kind"]));
    }

    public static TheoryData<DataSpec, string, string> Sources => new()
    {
        { new PhantomData(), "scale", "drawn as 0..1" },
        { new IdxData { Path = "/d" }, "scale", "byte / 255" },
        { new CsvData { Train = "/d.csv", Height = 8, Width = 8, MaxValue = 16 }, "scale", "value / 16" },
        { new ImageFolderData { Path = "/d" }, "grey", "0.299 R + 0.587 G + 0.114 B" },
    };

    [Theory, MemberData(nameof(Sources))]
    public void PreprocessingIsThatOfTheSource(DataSpec data, string key, string expected)
    {
        var steps = JsonNode.Parse(ExportedWeights.About(Trial, 7, RecipeOf(Dense), data, ["a"], Digest.Of([]))["preprocessing"])!;
        Assert.Equal(expected, (string?)steps[key]);
        Assert.Equal("grey", (string?)steps["channels"]);
        Assert.Equal((8, 8), ((int)steps["height"]!, (int)steps["width"]!));
    }

    private static readonly DenseModel Dense = new()
    {
        Hidden = [5],
        Activation = new Activation(ActivationKind.LeakyRelu, 0.3),
        Initializer = Initializer.HeNormal,
        BatchNorm = new BatchNorm(0.001, 0.01),
        Dropout = 0.25,
        L2 = null,
    };

    private static readonly CnnModel Cnn = new()
    {
        Filters = [4, 6],
        Dense = [],
        Activation = new Activation(ActivationKind.Relu),
        Initializer = Initializer.HeNormal,
        BatchNorm = new BatchNorm(0.001, 0.01),
        Dropout = 0.25,
        L2 = null,
    };

    private static byte[] Drawn(ModelSpec model) => InitialCheckpoint.Draw(Network.Of(model, 8, 8, 3), Initializer.HeNormal, 1, 1);

    private static byte[] Export(byte[] kept, ModelSpec model) =>
        [.. ExportedWeights.Pieces(kept, ExportedWeights.About(Trial, 7, RecipeOf(model), new PhantomData(), ["a b", "c\"d", "漢"],
            Digest.Of(kept)), 100).SelectMany(p => p)];

    private static ClassifierRecipe RecipeOf(ModelSpec model) => new()
    {
        Configuration = new Configuration
        {
            Model = model,
            Optimizer = new Adam { LearningRate = 0.001, Decay = null, WeightDecay = null, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 },
            BatchSize = 64,
            Limit = null,
            Precision = Precision.Float32,
        },
        Data = new DataIdentity(Digest.Of([1]), 8, 8, 3, 100, 20, 20),
        Seed = 1,
        Replicate = 1,
        InitialCheckpoint = Digest.Of([2]),
        NumericPath = "test",
    };
}
