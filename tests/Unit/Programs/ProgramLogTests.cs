using System.Text;
using Grains.Programs;

namespace Tests.Unit.Programs;

public sealed class ProgramLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-log-").FullName;

    private string Name => Path.Combine(_folder, "logs", "a.log");

    [Fact]
    public void EachRunAppendsItsHeaderAndItsOutput()
    {
        Run("one", "printed\n");
        Run("two", "again\n");
        Assert.Equal("== one\nprinted\n== two\nagain\n", File.ReadAllText(Name));
    }

    [Fact]
    public void TheRestOfALongOutputIsDroppedButItsLastLinesAreAtHand()
    {
        string line = new string('x', 99) + "\n";
        var log = Run("long", string.Concat(Enumerable.Repeat(line, 20_000)) + "the last line\n");
        string[] kept = File.ReadAllLines(Name);
        Assert.InRange(new FileInfo(Name).Length, ProgramLog.MostOfRun, ProgramLog.MostOfRun + 200);
        Assert.Equal("== The rest of this run's output is dropped: 1048576 bytes are kept.", kept[^1]);
        Assert.Equal("the last line", log.LastLines()[^1]);
        Assert.Equal(5, log.LastLines().Count);
    }

    [Fact]
    public void ALastLineIsShownAsATerminalWouldShowIt()
    {
        var log = Run("bar", $"\n 10 %\r 50 %\r100 %\r\n\x1b[31mred\n\n{new string('y', 300)}\n");
        Assert.Equal(["100 %", "?[31mred", new string('y', 200) + "…"], log.LastLines());
    }

    [Fact]
    public void ALogThatCannotBeWrittenCostsNoTraining()
    {
        File.WriteAllText(Path.Combine(_folder, "logs"), "a file where the folder should be");
        Assert.Contains("printed", Run("one", "printed\n").Quoted());
    }

    [Fact]
    public void ALargeLogIsBegunAnew()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Name)!);
        using (var file = File.Create(Name)) file.SetLength(ProgramLog.MostOfFile);
        Run("one", "");
        Assert.Equal("== one\n", File.ReadAllText(Name));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private ProgramLog Run(string header, string output)
    {
        using var log = new ProgramLog(Name, header);
        log.Copy(new MemoryStream(Encoding.UTF8.GetBytes(output)));
        return log;
    }
}
