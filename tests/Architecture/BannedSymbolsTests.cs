using System.Xml.Linq;

namespace Tests.Architecture;

/// <summary>Time and randomness are arguments, and the build refuses code that takes them from thin air.</summary>
public sealed class BannedSymbolsTests
{
    [Theory]
    [InlineData("Grains.Interfaces")]
    [InlineData("Grains")]
    [InlineData("Silo")]
    [InlineData("Client")]
    public void ProductIsBuiltUnderTheBan(string project)
    {
        var imports = XDocument.Load(Path.Combine(Repository.Root, project, $"{project}.csproj"))
            .Descendants("Import").Select(i => (string?)i.Attribute("Project"));
        Assert.Contains("../deploy/build/BannedSymbols.targets", imports);
    }

    /// <summary>
    /// An exception stands where it is made and says why. None holds for a whole file or project, and none lacks a reason.
    /// </summary>
    [Fact]
    public void ExceptionsAreNarrowAndSayWhy()
    {
        var files = new[] { "Grains.Interfaces", "Grains", "Silo", "Client" }.SelectMany(
            p => Directory.EnumerateFiles(Path.Combine(Repository.Root, p), "*.cs", SearchOption.AllDirectories));
        int exceptions = 0;
        foreach (string file in files)
        {
            string[] lines = File.ReadAllLines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                if (!lines[i].Contains("disable RS0030", StringComparison.Ordinal)) continue;
                exceptions++;
                Assert.True(lines[i].Split("//") is [_, { Length: > 20 }], $"{file}:{i + 1} gives no reason.");
                Assert.True(lines.Length > i + 2 && lines[i + 2].Contains("restore RS0030", StringComparison.Ordinal),
                    $"{file}:{i + 1} excepts more than one line.");
            }
        }
        Assert.InRange(exceptions, 1, 12);
    }
}
