using Grains.Storage.Journal;

namespace Tests.Unit.Reuse;

public sealed class EpochsLeftTests
{
    [Theory]
    [InlineData(new[] { 25, 40 }, new int[0], 0, null, 40)] // prefixes are trained once
    [InlineData(new[] { 25, 40 }, new[] { 25, 40 }, 0, null, 0)] // all is kept
    [InlineData(new[] { 25, 40 }, new[] { 25 }, 0, null, 15)] // extended
    [InlineData(new[] { 40 }, new[] { 12, 25 }, 0, null, 15)] // from the farthest
    [InlineData(new[] { 25 }, new[] { 10, 40 }, 0, null, 15)] // the weights at 25 are not those at 40
    [InlineData(new[] { 25 }, new int[0], 40, null, 0)] // another sweep trains that far
    [InlineData(new[] { 40 }, new[] { 10 }, 25, null, 15)] // another sweep trains a part
    [InlineData(new[] { 25, 40 }, new int[0], 0, 30, 25)] // known to diverge at 30
    [InlineData(new[] { 40 }, new int[0], 0, 30, 0)]
    public void WhatIsLeftIsWhatNobodyHasOrMakes(int[] asked, int[] kept, int others, int? failed, int left) =>
        Assert.Equal(left, ReuseReads.Left(asked, kept, others, failed));
}
