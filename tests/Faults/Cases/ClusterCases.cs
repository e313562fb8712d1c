using System.Globalization;

namespace Tests.Faults.Cases;

/// <summary>These small inputs once kept a cluster from starting.</summary>
public sealed class ClusterCases
{
    private const int Longest = 200;

    [Fact]
    [Trait("case", "15")]
    public async Task Case15HomeWithASemicolonWorks()
    {
        using var folder = new Folder();
        string said = await File.ReadAllTextAsync(Path.Combine(SharedCases.Copy(15, folder.Path), "README"),
            TestContext.Current.CancellationToken);
        await Runs(said.Split('"')[1].Split('/')[^1]);
    }

    /// <summary>
    /// The name has parts of connection strings, shells, URLs, markup, YAML and format strings, and is far longer than a socket's.
    /// </summary>
    [Fact]
    public Task HomeWithWhatOtherSyntaxesUseWorks() =>
        Runs("""a;b=c 'd' "e" %41 $(f) `g` [red] {0} #h & é漢 """ +
            new string('x', Longest) + "/-deeper still, " + new string('y', Longest));

    [Theory]
    [InlineData("two\nlines", "control character")]
    [InlineData("bell\a", "control character")]
    [InlineData("escape\u001b[31m", "control character")]
    public async Task HomeWhoseNameWouldSpoilLogsIsRefused(string name, string rule)
    {
        using var folder = new Folder();
        using var sweep = new SweepProcess(["cluster", "up"], folder.Path,
            new Dictionary<string, string> { ["SWEEP_HOME"] = Path.Combine(folder.Path, name) }, () => "");
        var outcome = (await sweep.End(LocalCluster.Patience)).Exits(2);
        Assert.Contains(rule, outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.TrimEnd().Split('\n'));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task FolderThatHoldsOtherThingsIsNotMadeAHome()
    {
        using var folder = new Folder();
        string letter = Path.Combine(folder.Path, "letter.txt");
        await File.WriteAllTextAsync(letter, "Dear …", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(folder.Path, (UnixFileMode)Convert.ToInt32("755", 8));
        using var sweep = new SweepProcess(["cluster", "up"], folder.Path,
            new Dictionary<string, string> { ["SWEEP_HOME"] = folder.Path }, () => "");
        var outcome = (await sweep.End(LocalCluster.Patience)).Exits(2);
        Assert.Contains("has other things in it", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)Convert.ToInt32("755", 8), File.GetUnixFileMode(folder.Path));
        Assert.Equal([letter], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static async Task Runs(string name)
    {
        await using var cluster = await LocalCluster.Up(silos: 2, home: name);
        var results = await cluster.ResultsOf(cluster.Write("small.yaml", Sweeps.Small));
        Assert.NotNull(results["sweep"]!["digest"]);
        Assert.True(File.Exists(Path.Combine(cluster.Home, "journal.db")),
            string.Create(CultureInfo.InvariantCulture, $"The journal is not in {cluster.Home}."));
        await cluster.IsWell();
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sweep-cases-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
