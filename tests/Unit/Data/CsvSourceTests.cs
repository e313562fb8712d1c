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
        Assert.Equal(images.Select(image => (int)(image[0] * 16) % 2),
            data.Train.Labels.Concat(data.Validation.Labels).Concat(data.Test.Labels));
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
        Load.Refuses(new CsvData { Train = "/nowhere/a.csv", Height = 1, Width = 2 }, "data.train: /nowhere/a.csv is not there");

    [Theory]
    [InlineData("label,p0,p1", 0)]
    [InlineData("Class,a,b", 0)]
    [InlineData("\"label\",\"p0\",\"p1\"", 0)]
    [InlineData("p0,target,p1", 1)]
    [InlineData("label,0,1", 0)]
    [InlineData("p0,p1,label", 2)]
    public void LabelIsWhereTheHeaderNamesIt(string header, int column)
    {
        var lines = Enumerable.Range(0, 10).Select(i => Line(i, column));
        var data = Load.Of(Spec($"{header}\n{string.Join('\n', lines)}\n"));
        Assert.Equal(Load.Of(Spec(string.Concat(Enumerable.Range(0, 10).Select(i => $"{i},16,{i % 2}\n")))).Identity, data.Identity);
        Assert.Equal(column < 2, data.Notes.Any(n => n.Contains($"names column {column + 1} ('", StringComparison.Ordinal)));
    }

    [Fact]
    public void OneColumnThatIsNamedUnlikeAllOthersIsTheLabel()
    {
        string lines = string.Concat(Enumerable.Range(0, 10).Select(i => $"{i % 2},{i},16,3\n"));
        var data = Load.Of(Spec($"digits,pixel1,pixel2,pixel3\n{lines}") with { Width = 3 });
        Assert.Equal(2, data.ClassNames.Length);
        Assert.Contains(data.Notes, n => n.Contains("names column 1 ('digits') as the label", StringComparison.Ordinal));
    }

    [Fact]
    public void TestFileWithoutAHeaderHasItsLabelWhereTheTrainingFileHasIt()
    {
        string lines = string.Concat(Enumerable.Range(0, 10).Select(i => $"{i % 2},{i},16\n"));
        var data = Load.Of(Spec($"label,a,b\n{lines}") with { Test = _folder.Write("test.csv", lines) });
        Assert.All(data.Test.Pixels.Chunk(2).Zip(data.Test.Labels), p => Assert.Equal((int)(p.First[0] * 16) % 2, p.Second));
    }

    [Theory]
    [InlineData("10,10,\n", ":1: '' in the last column is no label")]
    [InlineData("10,10,?\n", ":1: '?' in the last column is no label")]
    [InlineData("10,10,cat\n", ":1: 'cat' in the last column is no label")]
    [InlineData("label,class,p0\n0,1,1\n", ":1: columns 1 ('label') and 2 ('class') both name the label")]
    [InlineData("0;1;0\n1;2;1\n", ":1: its 3 values are separated by semicolons, not by commas")]
    [InlineData("0\t1\t0\n", "separated by tabs")]
    [InlineData("0  1  0\n", "separated by spaces")]
    [InlineData("a|b|label\n", "separated by bars")]
    [InlineData("", "train.csv is empty: 0 bytes")]
    [InlineData("<!DOCTYPE html><html>", "train.csv is a web page, no CSV text")]
    [InlineData("PK\u0003\u0004\0\0", "train.csv is a zip file, no CSV text")]
    [InlineData("0,0\0,1\n", "train.csv is a binary file")]
    public void WhatIsNoCsvIsToldByItsKind(string content, string complaint) => Load.Refuses(Spec(content), complaint);

    [Fact]
    public void LineWithoutAnEndIsRefused() => Load.Refuses(Spec(new string('1', 10_000)), ":1: more than 192 characters");

    [Fact]
    public void PixelsThatUseAThousandthOfMaxValueAreRefused()
    {
        string Lines(double white) =>
            string.Concat(Enumerable.Range(0, 10).Select(i => FormattableString.Invariant($"{white * i / 9},0,{i % 2}\n")));
        Load.Refuses(Spec(Lines(1)) with { MaxValue = 255 }, "its pixels span 0..0.0039",
            "Set data.max_value to the value that stands for white, such as 1.");
        Assert.Contains(Load.Of(Spec(Lines(16)) with { MaxValue = 255 }).Notes, n => n.Contains("such as 16.", StringComparison.Ordinal));
        Assert.Empty(Load.Of(Spec(Lines(16))).Notes);
    }

    [Fact]
    public void DeviceAndPipeAreNotRead()
    {
        Load.Refuses(Spec("") with { Train = "/dev/zero" }, "data.train: /dev/zero is a device");
        Load.Refuses(Spec("0,1,0\n") with { Test = _folder.Path }, "data.test: ", " is a folder");
    }

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

    [Fact]
    public void SplitThatLacksAClassIsWarnedOf()
    {
        string lines = string.Concat(Enumerable.Range(0, 20).Select(i => $"{i % 16},16,{i % 2}\n"));
        var data = Load.Of(Spec(lines) with { Test = _folder.Write("test.csv", "3,16,1\n4,5,1\n") });
        Assert.Contains(data.Notes, n => n.Contains("no test image of class 0", StringComparison.Ordinal));
    }

    private static string Line(int i, int labelColumn)
    {
        List<string> fields = [$"{i}", "16"];
        fields.Insert(labelColumn, $"{i % 2}");
        return string.Join(',', fields);
    }

    private CsvData Spec(string content) => new() { Train = _folder.Write("train.csv", content), Height = 1, Width = 2, MaxValue = 16 };
}
