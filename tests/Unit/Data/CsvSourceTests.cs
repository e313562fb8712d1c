using Grains.Interfaces.Model;

namespace Tests.Unit.Data;

public sealed class CsvSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("a,b,label\n")]
    [InlineData("0,1,label\n")]
    public void LinesAreReadWithAndWithoutHeader(string header)
    {
        var data = Load.Of(Spec(header + string.Concat(Enumerable.Range(0, 10).Select(i => $"{i},16,{i % 2}\n"))));
        Assert.Equal(new DataIdentity(data.Identity.Digest, 1, 2, 2, 6, 2, 2), data.Identity);
        var images = data.Train.Pixels.Concat(data.Validation.Pixels).Concat(data.Test.Pixels).Chunk(2).ToArray();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => i / 16f), images.Select(image => image[0]).Order());
        Assert.All(images, image => Assert.Equal(1f, image[1]));
        Assert.Equal(images.Select(image => (int)(image[0] * 16) % 2), data.Train.Labels.Concat(data.Validation.Labels).Concat(data.Test.Labels));
    }

    [Theory]
    [InlineData("0,0,0\n0,1\n", ":2: 2 values, but 2 pixels and a label make 3")]
    [InlineData("0,0,0\n\n0,x,1\n", ":3: 'x' in column 2 is no pixel within 0..16")]
    [InlineData("0,17,0\n", ":1: '17' in column 2 is no pixel within 0..16")]
    [InlineData("0,NaN,0\n", ":1: 'NaN' in column 2")]
    [InlineData("x,0,0\n", ":1: 'x' in column 1 is no pixel")]
    [InlineData("0,0,1.5\n", ":1: '1.5' in the last column is no label")]
    [InlineData("0,0,-1\n", ":1: '-1' in the last column is no label")]
    [InlineData("0,0,0\n0,0,0\n0,0,50\n", "label 50 among 3 training images")]
    [InlineData("a,b,label\n", "0 images")]
    [InlineData("0,0,0\n0,0,1\n", "2 images, less 1 for validation and 1 for test, leave none")]
    public void MistakesAreNamedWithTheirLine(string content, string complaint) => Load.Refuses(Spec(content), complaint);

    [Fact]
    public void LabelsMayBeWrittenAsDecimals()
    {
        var decimals = Load.Of(Spec(string.Concat(Enumerable.Range(0, 10).Select(i => $"{i}.0,16,{i % 2}.000e+00\n"))));
        Assert.Equal(decimals.Identity, Load.Of(Spec(string.Concat(Enumerable.Range(0, 10).Select(i => $"{i},16,{i % 2}\r\n")))).Identity);
    }

    [Fact]
    public void AMissingFileIsNamed() =>
        Load.Refuses(new CsvData { Train = "/nowhere/a.csv", Height = 1, Width = 2 }, "data.train: /nowhere/a.csv is missing");

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void FractionsLieBetweenNoneAndAll(double fraction) =>
        Load.Refuses(Spec("0,0,0\n0,0,1\n") with { ValidationFraction = fraction }, "data.validation_fraction", "outside 0..1");

    [Fact]
    public void DigitsAreRead()
    {
        string folder = SharedData.OrSkip("digits");
        var data = Load.Of(new CsvData
        {
            Train = Path.Combine(folder, "optdigits.tra"),
            Test = Path.Combine(folder, "optdigits.tes"),
            Height = 8,
            Width = 8,
            MaxValue = 16,
        });
        Assert.Equal(new DataIdentity(data.Identity.Digest, 8, 8, 10, 3058, 765, 1797), data.Identity);
    }

    private CsvData Spec(string content) => new() { Train = _folder.Write("train.csv", content), Height = 1, Width = 2, MaxValue = 16 };
}
