using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Tests.Unit.Specs;

/// <summary>Reads sweep files, from the repository and from text.</summary>
internal static class SpecFiles
{
    /// <summary>The checkout from which this build came.</summary>
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static SpecReading Read(string path) =>
        SweepSpecReader.Read(SweepFileText.Decode(File.ReadAllBytes(path)), Path.GetFileName(path), Path.GetDirectoryName(path)!);

    /// <summary>Reads a spec from the text below a name and the smallest data.</summary>
    public static SweepSpec Spec(string text)
    {
        var reading = SweepSpecReader.Read($"name: t\ndata: {{source: xray-phantom}}\n{text}", "t.yaml", "/tmp");
        Assert.Empty(reading.Errors.Select(e => e.Describe("t.yaml")));
        return reading.Spec!;
    }

    public static SweepPlan Plan(string text) => SweepPlanner.Plan(Spec(text));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Cluster.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No Cluster.sln above {AppContext.BaseDirectory}.");
    }
}
