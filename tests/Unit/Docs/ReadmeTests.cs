using System.Runtime.CompilerServices;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Tests.Unit.Docs;

public class ReadmeTests
{
    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    [Fact]
    public void TheSweepInTheReadmeIsTheFileThatItsCommandSubmits()
    {
        string readme = File.ReadAllText(Path.Combine(Root(), "README.md"));
        string shown = readme.Split("```yaml\n")[1].Split("```")[0];
        string[] file = [.. File.ReadLines(Path.Combine(Root(), "deploy/sweeps/rates.yaml")).Where(l => !l.StartsWith('#'))];

        Assert.Equal(file, shown.TrimEnd('\n').Split('\n'));
        Assert.Contains("sweep submit deploy/sweeps/rates.yaml", readme);
    }

    [Fact]
    public void EverySweepThatShipsIsWithoutMistakes()
    {
        string[] files = [.. ((string[])["deploy/sweeps", "deploy/samples"]).SelectMany(
            folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.yaml", SearchOption.AllDirectories))];
        Assert.Contains(files, f => f.Contains("python-program", StringComparison.Ordinal));
        foreach (string file in files)
            Assert.Empty(SweepSpecReader.Read(File.ReadAllText(file), Path.GetFileName(file), Path.GetDirectoryName(file)!).Errors);
    }

    [Theory]
    [InlineData("README.md", 2)]
    [InlineData("docs/your-own.md", 1)]
    public void EverySweepThatAPageShowsIsWithoutMistakes(string page, int count)
    {
        string[] shown = [.. File.ReadAllText(Path.Combine(Root(), page)).Split("```yaml\n").Skip(1).Select(block => block.Split("```")[0])];
        Assert.Equal(count, shown.Length);
        foreach (string text in shown) Assert.Empty(SweepSpecReader.Read(text, page, Root()).Errors);
    }
}
