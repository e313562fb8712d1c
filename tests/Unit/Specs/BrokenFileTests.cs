namespace Tests.Unit.Specs;

/// <summary>
/// Each file under broken/ has beside it, as NAME.errors, all that a person is told about it: path, value, rule, line, column, remedy.
/// Write them anew with UPDATE_SCHEMA=1 and read the difference.
/// </summary>
public sealed class BrokenFileTests
{
    private static string Folder => SpecFiles.PathOf("tests", "Unit", "Specs", "broken");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryMistakeIsToldWithPlaceRuleAndRemedy(string file)
    {
        string path = Path.Combine(Folder, file), expectedPath = Path.ChangeExtension(path, ".errors");
        var reading = SpecFiles.Read(path);
        string told = string.Concat(reading.Errors.Select(e => e.Describe(file) + "\n"));
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMA") == "1") File.WriteAllText(expectedPath, told);

        Assert.Null(reading.Spec);
        Assert.Equal(File.Exists(expectedPath) ? File.ReadAllText(expectedPath) : "(no .errors file)", told);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void TheColumnIsThatOfTheValue(string file)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, file));
        foreach (var error in SpecFiles.Read(Path.Combine(Folder, file)).Errors)
        {
            Assert.InRange(error.Line, 1, lines.Length);
            Assert.All([error.Path, error.Value, error.Rule, error.Remedy], text => Assert.False(string.IsNullOrWhiteSpace(text)));
            // A scalar's own text stands where the error points, but lists, mappings and missing keys are shown in other words.
            if (error.Path != "(document)" && error.Value.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.')
                && !error.Value.EndsWith("trials", StringComparison.Ordinal))
                Assert.StartsWith(error.Value, lines[error.Line - 1][(error.Column - 1)..].TrimStart('"'));
        }
    }

    [Fact]
    public void ThereAreTenAtLeast() => Assert.True(Files.Count >= 10);
}
