using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Tests.Unit.Specs;

/// <summary>Regenerate with: UPDATE_SCHEMA=1 dotnet run --project tests/Unit</summary>
public sealed class GeneratedDocsTests
{
    [Fact]
    public void TheCommittedSchemaIsCurrent() => IsCurrent(SpecFiles.PathOf("docs", "sweep.schema.json"), _ => SweepSchema.Json());

    [Fact]
    public void TheTablesOfTheReferenceAreCurrent() => IsCurrent(SpecFiles.PathOf("docs", "sweep-file.md"), SweepReference.Refresh);

    [Fact]
    public void TheExampleOfTheReferenceGivesWhatItSays()
    {
        string document = File.ReadAllText(SpecFiles.PathOf("docs", "sweep-file.md"));
        var reading = SweepSpecReader.Read(document.Split("```yaml\n")[1].Split("```")[0], "sweep-file.md", "/");
        Assert.Empty(reading.Errors);
        var plan = SweepPlanner.Plan(reading.Spec!);
        Assert.Equal((7, 14), (plan.Points.Length, plan.Trials.Length));
    }

    private static void IsCurrent(string path, Func<string, string> generate)
    {
        string committed = File.Exists(path) ? File.ReadAllText(path) : "", current = generate(committed);
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMA") == "1") File.WriteAllText(path, committed = current);
        Assert.True(committed == current, $"{path} is not what the code generates. Run: UPDATE_SCHEMA=1 dotnet run --project tests/Unit");
    }
}
