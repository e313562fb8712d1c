using System.Text;
using Grains.Programs;

namespace Tests.Unit.Programs;

public sealed class MetricsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-metrics-").FullName;
    private readonly MetricsFile _file;

    public MetricsFileTests()
    {
        File.WriteAllText(Name, "");
        _file = new MetricsFile(Name);
    }

    private string Name => Path.Combine(_folder, "metrics.jsonl");

    [Fact]
    public void ALineCountsWhenItsEndIsThere()
    {
        Assert.Null(_file.Next(finished: false));
        Append("{\"epo");
        Assert.Null(_file.Next(finished: false));
        Append("ch\"}\n\n{");
        Assert.Equal("{\"epoch\"}", _file.Next(finished: false));
        Assert.False(_file.HasMore);
        Assert.Null(_file.Next(finished: false));
    }

    [Fact]
    public void TheLastLineNeedsNoEndWhenNobodyWritesAnyMore()
    {
        Append("first\nsecond");
        Assert.Equal("first", _file.Next(finished: true));
        Assert.Equal("second", _file.Next(finished: true));
        Assert.Null(_file.Next(finished: true));
    }

    [Fact]
    public void MarksAndCarriageReturnsAreNoPartOfALine()
    {
        File.WriteAllText(Name, "first\r\n\r\n  \r\nsecond\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.True(_file.HasMore);
        Assert.Equal("first", _file.Next(finished: false));
        Assert.Equal("second", _file.Next(finished: false));
    }

    [Fact]
    public void ManyLinesComeOutWholeAndInOrder()
    {
        string[] lines = [.. Enumerable.Range(0, 20_000).Select(i => $"line {i} {new string('x', i % 97)}.")];
        Append(string.Join('\n', lines) + "\n");
        foreach (string line in lines) Assert.Equal(line, _file.Next(finished: false));
    }

    [Fact]
    public void ALineMayBeLongButNotEndless()
    {
        string line = new('x', MetricsFile.LongestLine);
        Append(line + "\n");
        Assert.Equal(line, _file.Next(finished: false));
        Append(line + "xx");
        Assert.Contains("longer than", Assert.Throws<MetricsMistakeException>(() => _file.Next(finished: false)).Message);
    }

    [Fact]
    public void AFileThatIsWrittenAnewIsRefused()
    {
        Append("first, which is long\n");
        Assert.NotNull(_file.Next(finished: false));
        File.WriteAllText(Name, "second\n");
        Assert.Contains("became shorter", Assert.Throws<MetricsMistakeException>(() => _file.Next(finished: false)).Message);
    }

    [Fact]
    public void AFileThatIsReplacedOrGoneIsRefused()
    {
        Append("first\n");
        Assert.NotNull(_file.Next(finished: false));
        File.WriteAllText(Name + ".new", "first\nsecond\n");
        File.Move(Name + ".new", Name, overwrite: true);
        Assert.Contains("replaced", Assert.Throws<MetricsMistakeException>(() => _file.Next(finished: false)).Message);
        File.Delete(Name);
        Assert.Contains("is not there", Assert.Throws<MetricsMistakeException>(() => _file.Next(finished: false)).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Append(string text) => File.AppendAllText(Name, text);
}
