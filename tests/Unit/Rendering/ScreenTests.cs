using System.Runtime.CompilerServices;
using Spectre.Console;

namespace Tests.Unit.Rendering;

/// <summary>
/// Shows what people see. The files under Golden are screens, of 80 columns unless their name says otherwise, kept to be read.
/// SWEEP_GOLDEN=renew writes them anew, and the difference is looked at before it is committed.
/// </summary>
public sealed class ScreenTests
{
    private const string Renewal = "SWEEP_GOLDEN";

    public static TheoryData<string> Names => [.. Screens.All.Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string, int> NamesAndWidths
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in Screens.All.Keys.Order(StringComparer.Ordinal))
                foreach (int width in (int[])[60, 80, 110, 200]) data.Add(name, width);
            return data;
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void AScreenOf80ColumnsIsAsItWasLookedAt(string name) => IsAsItWasLookedAt(name, Screens.Of(name, 80));

    /// <summary>A plot has another shape on another terminal.</summary>
    [Theory]
    [InlineData("compare", 60), InlineData("compare", 110), InlineData("effects", 60), InlineData("effects", 110)]
    public void APlotOnAnotherTerminalIsAsItWasLookedAt(string name, int width) =>
        IsAsItWasLookedAt($"{name}-{width}", Screens.Of(name, width));

    [Theory, MemberData(nameof(NamesAndWidths))]
    public void NoCellIsFoldedAndNoTableIsWiderThanTheTerminal(string name, int width)
    {
        string[] lines = Screens.Of(name, width).TrimEnd('\n').Split('\n');
        string[] drawn = [.. lines.Where(l => l.StartsWith('│'))];

        Assert.Equal(Screens.All[name].Rows, drawn.Length);
        Assert.All(lines.Where(l => l.StartsWith('│') || l.StartsWith('╭')),
            l => Assert.True(l.GetCellWidth() <= width, $"{l.GetCellWidth()} columns:\n{l}"));
    }

    [Theory, InlineData(30), InlineData(12)]
    public void WhereNoTableFitsRowsAreBlocksOfLinesAndNothingIsLost(int width)
    {
        string screen = Screens.Of("list", width);
        Assert.DoesNotContain('│', screen);
        foreach (string told in (string[])["rates-p8qn6n", "187/300", "0.9593", "missing-0a1b2c"])
            Assert.Contains(told, screen.ReplaceLineEndings(""));
    }

    [Theory, InlineData(60), InlineData(80), InlineData(110)]
    public void RunningTrialsCanBeToldApart(int width)
    {
        string[] lines = [.. Screens.Of("watch", width).Split('\n').Where(l => l.Contains("/40", StringComparison.Ordinal))];
        Assert.Equal(2, lines.Length);
        // Trials 5 and 6 are two replicates of one point.
        Assert.Contains("r1", lines[0]);
        Assert.Contains("r2", lines[1]);
        Assert.All(lines, l => Assert.True(l.GetCellWidth() <= width, l));
    }

    private static void IsAsItWasLookedAt(string name, string screen)
    {
        string file = Path.Combine(Folder(), "Golden", $"{name}.txt");
        if (Environment.GetEnvironmentVariable(Renewal) == "renew") File.WriteAllText(file, screen);
        Assert.True(File.Exists(file), $"{file} is missing: {Renewal}=renew writes it.");
        Assert.Equal(File.ReadAllText(file), screen);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}
