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
        string folder = Path.Combine(Root(), "deploy/sweeps");
        foreach (string file in Directory.EnumerateFiles(folder, "*.yaml"))
            Assert.Empty(SweepSpecReader.Read(File.ReadAllText(file), Path.GetFileName(file), folder).Errors);
    }
}
