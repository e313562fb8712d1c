using Grains.Interfaces.Model.Results;

namespace Tests.Unit.Analysis;

public sealed class ConfusionTests
{
    [Fact]
    public void RecallIsTheShareOfEachTrueClassThatWasRecognized() =>
        Assert.Equal([0.8, 0.25, 1.0], Confusion.Recall([8, 1, 1, 3, 1, 0, 0, 0, 5]));

    [Fact]
    public void AClassWithoutImagesHasNoRecall() => Assert.Equal([1.0, null], Confusion.Recall([4, 0, 0, 0]));

    [Fact]
    public void AnEmptyMatrixHasNoClasses() => Assert.Empty(Confusion.Recall([]));

    [Fact]
    public void AMatrixMustBeSquare() => Assert.Throws<ArgumentException>(() => Confusion.Recall([1, 2, 3]));
}
