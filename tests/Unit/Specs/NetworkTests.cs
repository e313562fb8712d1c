using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;

namespace Tests.Unit.Specs;

public sealed class NetworkTests
{
    [Theory]
    [InlineData("kind: dense", 353_254)]
    [InlineData("hidden: []", 4 * 1024 + 4)]
    [InlineData("batch_norm: true", 353_254 + 2 * (300 + 150))]
    [InlineData("dropout: 0.5", 353_254)]
    // The kernels have 9·(1·64 + 64·128 + 128·128 + 128·256 + 256·256) weights, the biases 832; 32 halves to 4, so 4096 → 512 → 128 → 4.
    [InlineData("kind: cnn", 1_106_496 + 832 + 2_097_664 + 65_664 + 516)]
    [InlineData("{kind: cnn, batch_norm: true}", 1_106_496 + 832 + 2_097_664 + 65_664 + 516 + 2 * 832)]
    [InlineData("{kind: cnn, filters: [8, 16, 16], dense: [32]}", 80 + 1168 + 2320 + (16 * 64 * 32 + 32) + (32 * 4 + 4))]
    public void ParametersAreCountedAsByHand(string model, long expected)
    {
        string block = model.StartsWith('{') ? model : $"{{{model}}}";
        var spec = ((Configuration)SpecFiles.Plan($"model: {block}").Points[0].Configuration).Model;
        Assert.Equal(expected, Network.Of(spec, 32, 32, 4).ParameterCount);
    }

    [Fact]
    public void TooManyPoolingsAreRefusedByBlock()
    {
        var model = ((Configuration)SpecFiles.Plan("model: {kind: cnn, filters: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}").Points[0].Configuration).Model;
        Assert.Contains("block 11", Assert.Throws<SpecException>(() => Network.Of(model, 32, 32, 4)).Message);
    }
}
