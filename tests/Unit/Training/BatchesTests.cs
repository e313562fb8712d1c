using Grains.Training;

namespace Tests.Unit.Training;

public sealed class BatchesTests
{
    [Theory]
    [InlineData(10, 5, "5 5")]
    [InlineData(12, 5, "5 5 2")]
    [InlineData(11, 5, "5 6")]
    [InlineData(6, 5, "6")]
    [InlineData(3, 5, "3")]
    [InlineData(1, 5, "1")]
    [InlineData(3, 1, "1 1 1")]
    [InlineData(5, 2, "2 3")]
    [InlineData(7, null, "7")]
    public void ALastSampleAloneJoinsTheBatchBefore(int count, int? size, string lengths)
    {
        var batches = Batches.Of(count, size).ToList();
        Assert.Equal(lengths, string.Join(' ', batches.Select(b => b.Length)));
        int next = 0;
        Assert.All(batches, b => { Assert.Equal(next, b.Start); next += b.Length; });
        Assert.Equal(count, next);
    }
}
