using System.Text.Json.Nodes;
using Grains.Analysis.Effects;
using Grains.Interfaces.Model.Views;
using Tests.Unit.Specs;

namespace Tests.Unit.Analysis.Effects;

/// <summary>Checks the contract of docs/effects-json.md, because scripts of others read these names.</summary>
public sealed class ViewJsonTests
{
    private static readonly EffectTable s_table = Trials.Table(Trials.Grid("norm=false rate=1e-5: 1 2 3", "norm=true rate=1e-5: 2 4 4",
        "norm=false rate=2: 1 diverged 3", "norm=true rate=2: 2 2 5"), ["rate=1e-5", "rate=2"]);

    [Fact]
    public void ThePropertyNamesAreTheContract()
    {
        var view = JsonNode.Parse(ViewJson.Write(s_table.Compare("norm", null)))!;
        Assert.Equal(["by", "metric", "baseline", "effects", "levels_without_pairs", "about", "version"], Names(view));
        Assert.Equal(["level", "difference", "low", "high", "pairs", "agree", "p", "p_holm", "replicates", "configurations", "deviation",
            "replicates_needed", "left_out", "averaged", "depends_on"], Names(view["effects"]![0]));
        Assert.Equal(["diverged", "failed", "stopped", "unfinished", "without_number", "unbalanced"],
            Names(view["effects"]![0]!["left_out"]));
        Assert.Equal(["sweep", "state", "objective", "form", "unit", "goal", "replicates", "comparisons", "where"], Names(view["about"]));

        var all = JsonNode.Parse(ViewJson.Write(s_table.Effects()))!;
        Assert.Equal(["metric", "factors", "unpaired", "about", "version"], Names(all));
        Assert.Equal(["by", "baseline", "effects", "levels_without_pairs"], Names(all["factors"]![0]));
        Assert.Equal(["by", "levels", "configurations", "correlation", "low", "high"],
            Names(JsonNode.Parse(ViewJson.Write(new UnpairedFactor("rate", 9, 9, null, null, null)))));
    }

    [Fact]
    public void ValuesKeepTheirTypesAndWhatIsUnknownIsNull()
    {
        var view = JsonNode.Parse(ViewJson.Write(s_table.Compare("norm", null)))!;
        Assert.Equal(("false", "true"), (view["baseline"]!.ToJsonString(), view["effects"]![0]!["level"]!.ToJsonString()));
        Assert.Equal("1E-05", JsonNode.Parse(ViewJson.Write(s_table.Compare("rate", null)))!["baseline"]!.ToJsonString());
        var one = Trials.Table(Trials.Grid("norm=false: 1", "norm=true: 2")).Compare("norm", null);
        var effect = JsonNode.Parse(ViewJson.Write(one))!["effects"]![0]!.AsObject();
        foreach (string name in (string[])["low", "high", "p", "p_holm", "deviation", "replicates_needed"])
            Assert.True(effect.ContainsKey(name) && effect[name] is null, name);
    }

    [Fact]
    public void TheExampleOfThePageIsReadAndWrittenAlike()
    {
        string page = File.ReadAllText(SpecFiles.PathOf("docs", "effects-json.md"));
        string example = page.Split("```json\n")[1].Split("\n```")[0];
        Assert.Equal(example, ViewJson.Write(ViewJson.Read<ComparisonView>(example)));
    }

    private static string[] Names(JsonNode? node) => [.. node!.AsObject().Select(p => p.Key)];
}
