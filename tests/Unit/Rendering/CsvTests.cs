using System.Text.RegularExpressions;
using Client.Rendering;
using Grains.Analysis;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Results;
using Grains.Interfaces.Model.Specs;
using Tests.Unit.Analysis;

namespace Tests.Unit.Rendering;

public sealed class CsvTests
{
    [Fact]
    public void HeadersAreUniqueAndInOneStyleAlsoWhereTheSweepVariesItsEpochs()
    {
        var facts = Facts.Sweep().Select(
            t => t with { Parameters = t.Parameters.Add("epochs", new NumberValue(t.Epochs)).Add("batch_size", new NumberValue(64)) });
        string[] headers = Lines(ResultsView.Csv(Results([.. facts])))[0];
        Assert.Equal(headers.Length, headers.Distinct().Count());
        Assert.All(headers, h => Assert.Matches(new Regex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$"), h));
        Assert.Superset(new HashSet<string> { "epochs", "trial_numbers", "test_accuracy", "test_accuracy_deviation", "learning_rate" },
            headers.ToHashSet());
    }

    [Fact]
    public void ValuesHaveAllTheirDigitsAndTrialsTheirNumbers()
    {
        static NumberValue Longer(SettingValue rate) => new(((NumberValue)rate).Number + 0.00012345678901234);
        var facts = Facts.Sweep().Select(
            t => t with { Parameters = t.Parameters.SetItem("learning_rate", Longer(t.Parameters["learning_rate"])) });
        string[][] lines = Lines(ResultsView.Csv(Results([.. facts])));
        Assert.Equal("3 4", lines[1][Array.IndexOf(lines[0], "trial_numbers")]);
        Assert.Equal("0.010123456789012341", lines[1][Array.IndexOf(lines[0], "learning_rate")]);
    }

    [Fact]
    public void AClassMayHaveAnyNameAndStillHasAColumnOfItsOwn()
    {
        string csv = ConfusionRendering.Csv(new ConfusionView(1, ["recall", "a,b", "say \"no\""], [1, 0, 0, 0, 1, 0, 0, 0, 1], []));
        Assert.StartsWith("split,true_class,recall,predicted_recall,\"predicted_a,b\",\"predicted_say \"\"no\"\"\"\n", csv,
            StringComparison.Ordinal);
        Assert.Contains("\nvalidation,\"a,b\",1,0,1,0\n", csv, StringComparison.Ordinal);
    }

    private static string[][] Lines(string csv) => [.. csv.TrimEnd('\n').Split('\n').Select(l => l.Split(','))];

    private static SweepResults Results(IReadOnlyList<TrialFacts> facts) =>
        ResultsView.Parse(ResultsJson.Write(ResultTable.Of(new SweepId("s"), "s", SweepState.Completed, null, Facts.ByAccuracy, facts)));
}
