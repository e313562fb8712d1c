using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Training.Checkpoints;

namespace Tests.Unit.Training;

public sealed class InitialCheckpointTests
{
    private static readonly Network Small = Network.Of(Computing.Dense, 12, 12, 3);

    [Fact]
    public void EqualNameAndShapeGiveEqualNumbersInOtherModels()
    {
        var other = Network.Of(Computing.Dense with { Hidden = [24, 17], BatchNorm = null }, 12, 12, 3);
        var one = Drawn(Small, Initializer.HeNormal);
        var two = Drawn(other, Initializer.HeNormal);
        Assert.Equal(one["dense1.weight"].Values, two["dense1.weight"].Values);
        Assert.NotEqual(one["dense2.weight"].Values[..10], two["dense2.weight"].Values[..10]);
    }

    [Fact]
    public void SeedReplicateAndNameMatter()
    {
        byte[] one = InitialCheckpoint.Draw(Small, Initializer.HeNormal, 1, 1);
        Assert.Equal(one, InitialCheckpoint.Draw(Small, Initializer.HeNormal, 1, 1));
        Assert.NotEqual(one, InitialCheckpoint.Draw(Small, Initializer.HeNormal, 2, 1));
        Assert.NotEqual(one, InitialCheckpoint.Draw(Small, Initializer.HeNormal, 1, 2));
    }

    [Theory]
    [InlineData(Initializer.HeNormal, 2.0 / 400, 2.0)]
    [InlineData(Initializer.GlorotNormal, 2.0 / 500, 2.0)]
    [InlineData(Initializer.HeUniform, 2.0 / 400, 1.7321)]
    [InlineData(Initializer.GlorotUniform, 2.0 / 500, 1.7321)]
    public void VarianceAndReachAreTheInitializers(Initializer initializer, double variance, double reach)
    {
        var network = Network.Of(Computing.Dense with { Hidden = [100] }, 20, 20, 3);
        float[] values = Drawn(network, initializer)["dense1.weight"].Values;
        double measured = values.Average(v => (double)v * v), deviation = Math.Sqrt(variance);
        Assert.InRange(measured / variance, 0.97, 1.03);
        Assert.InRange(values.Average() / deviation, -0.02, 0.02);
        double largest = values.Max(Math.Abs) / deviation;
        // The truncated normal reaches 2 deviations of the wider normal that it is cut from.
        Assert.InRange(largest, 0.98 * reach, (reach == 2.0 ? reach / .8796 : reach) * 1.0001);
    }

    [Fact]
    public void BiasesAreZeroAndNormalizationIsNone()
    {
        var drawn = Drawn(Small, Initializer.HeNormal);
        Assert.All(drawn["dense1.bias"].Values.Concat(drawn["norm1.bias"].Values).Concat(drawn["norm1.running_mean"].Values),
            v => Assert.Equal(0f, v));
        Assert.All(drawn["norm1.weight"].Values.Concat(drawn["norm1.running_var"].Values), v => Assert.Equal(1f, v));
    }

    [Fact]
    public void AFittingFileIsAccepted() => InitialCheckpoint.Check(Small, Drawn(Small, Initializer.HeNormal).Values, "own.safetensors");

    [Fact]
    public void EveryMisfitIsNamedAtOnce()
    {
        var tensors = Drawn(Small, Initializer.HeNormal);
        tensors.Remove("dense1.bias");
        tensors["output.weight"] = new("output.weight", [10, 3], new float[30]);
        tensors["extra"] = new("extra", [4], new float[4]);
        string message = Assert.Throws<SpecException>(() => InitialCheckpoint.Check(Small, tensors.Values, "own.safetensors")).Message;
        Assert.StartsWith("own.safetensors does not fit the model: ", message);
        Assert.Contains("dense1.bias [24] is missing", message);
        Assert.Contains("output.weight is [10, 3] and the model needs [3, 10]", message);
        Assert.Contains("extra [4] is not in the model", message);
    }

    private static Dictionary<string, NamedTensor> Drawn(Network network, Initializer initializer) =>
        Safetensors.Read(InitialCheckpoint.Draw(network, initializer, 1, 1)).Tensors.ToDictionary(t => t.Name);
}
