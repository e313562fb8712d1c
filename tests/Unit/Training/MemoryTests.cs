using TorchSharp;
using static Tests.Unit.Training.Computing;

namespace Tests.Unit.Training;

/// <summary>Runs alone, because torch counts tensors per process.</summary>
[Collection(nameof(MemoryTests)), CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests
{
    [Theory]
    [InlineData("dense")]
    [InlineData("cnn")]
    public void EveryTensorIsGivenBack(string kind) => OnThread(() =>
    {
        var data = Stripes();
        var recipe = Recipe(Model(kind), data);
        Train(recipe, data, 1);
        long before = torch.Tensor.TotalCount;
        Train(recipe, data, 2);
        Assert.Equal(before, torch.Tensor.TotalCount);
    });
}
