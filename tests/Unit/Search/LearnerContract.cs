using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Grains.Search.Samplers;

namespace Tests.Unit.Search;

/// <summary>What those samplers promise beside that learn from the losses.</summary>
public abstract class LearnerContract : SamplerContract
{
    private const int Seeds = 5, Trials = 50;

    /// <summary>Kernels and normal distributions seldom come to a bound by themselves, where many a best value lies.</summary>
    [Fact]
    public void AnOptimumInACornerIsMetExactly()
    {
        var space = Spaces.Of(Spaces.Log("rate", 1e-5, 1e-1), Spaces.Real("shift", -3, 7));
        var points = Searched(space, Trials, p => p.Unit[0]!.Value + 1 - p.Unit[1]!.Value);
        Assert.Contains(points, p => p.Settings["rate"].ToString() == "1e-5");
        Assert.Contains(points, p => p.Settings["shift"].ToString() == "7");
    }

    [Fact]
    public void ItIsBetterThanChance()
    {
        var space = Spaces.Of(Spaces.Real("x", 0, 1), Spaces.Real("y", 0, 1), Spaces.Log("z", 1e-3, 1), Spaces.Words("kind", "a", "b", "c"));
        double Loss(SearchPoint p) => Bowl(p with { Unit = p.Unit.RemoveAt(3) }) + (p.Settings["kind"].ToString() == "b" ? 0 : 0.1);
        double Median(Func<long, double> best) => Enumerable.Range(0, Seeds).Select(s => best(s)).Order().ElementAt(Seeds / 2);
        double ours = Median(seed => Searched(space, Trials, Loss, seed).Min(Loss));
        var random = SamplerOf.Kind(SamplerKind.Random);
        double chance = Median(seed =>
            Enumerable.Range(0, Trials).Min(i => Loss(random.Propose(space, SearchHistory.Empty, new Ask(seed, i, 0, Trials)))));
        Assert.True(ours < chance / 2, $"{ours} is not below half of {chance}.");
    }

    [Fact]
    public void TheBetterBranchOfAConditionalSpaceIsFound()
    {
        double Loss(SearchPoint p) => p.Settings["model"].ToString() == "linear"
            ? 0.5 + Math.Abs(p.Unit[1]!.Value - 0.2)
            : Math.Abs(p.Unit[3]!.Value - 0.7) + (p.Settings["layers"].ToString() == "2" ? 0 : 0.2);
        var best = Searched(Spaces.Conditional(), Trials, Loss).MinBy(Loss)!;
        Assert.Equal("net", best.Settings["model"].ToString());
        Assert.Equal("2", best.Settings["layers"].ToString());
    }
}
