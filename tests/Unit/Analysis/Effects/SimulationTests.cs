using Grains.Analysis.Effects;

namespace Tests.Unit.Analysis.Effects;

/// <summary>
/// The statistics on sweeps whose truth is known. They are small enough for every build: `tests/Benchmarks -- effects` draws more.
/// </summary>
public sealed class SimulationTests
{
    private const int Draws = 600;

    private static SimulatedSweep Sweep(int replicates) => new()
    {
        Factors = [("a", [0, 0.8]), ("b", [0, 0.2, -0.3]), ("c", [0, 1])],
        Replicates = replicates,
        Interaction = 1,
    };

    [Theory, InlineData(3), InlineData(5), InlineData(20)]
    public void IntervalsHoldTheTruthAsOftenAsTheyPromise(int replicates)
    {
        var sweep = Sweep(replicates);
        double truth = sweep.Truth(0, 1);
        int held = Held(sweep, truth);
        // Three standard errors of a share of 95 % are 2.7 points.
        Assert.InRange((double)held / Draws, 0.923, 0.977);
    }

    [Fact]
    public void GapsLeaveThePromiseAsItIs()
    {
        var sweep = Sweep(5) with { Interaction = 0, Failing = 0.05, FinishedOfTheLast = 5 };
        int held = Held(sweep, truth: 0.8);
        Assert.InRange((double)held / Draws, 0.923, 0.977);
    }

    private static int Held(SimulatedSweep sweep, double truth) => Enumerable.Range(0, Draws)
        .Count(i => sweep.Table(i).Compare("a", null).Effects[0] is var e && e.Low <= truth && truth <= e.High);

    [Fact]
    public void WithoutAnyEffectFewSweepsFindOne()
    {
        var sweep = Sweep(5) with { Factors = [("a", [0, 0]), ("b", [0, 0, 0]), ("c", [0, 0])], Interaction = 0 };
        int found = Enumerable.Range(0, Draws).Count(i => sweep.Table(i).Effects().Factors.SelectMany(f => f.Effects).Any(e => e.IsFound));
        Assert.InRange((double)found / Draws, 0, 0.077);
    }

    [Fact]
    public void WithoutAnyInteractionFewSweepsFindOne()
    {
        var sweep = Sweep(5) with { Interaction = 0 };
        int found = Enumerable.Range(0, Draws)
            .Count(i => sweep.Table(i).Effects().Factors.SelectMany(f => f.Effects).Any(e => e.DependsOn.Length > 0));
        Assert.InRange((double)found / Draws, 0, 0.077);
    }

    [Fact]
    public void EffectsAreFoundWithThePowerOfTheory()
    {
        var sweep = Sweep(5) with { Factors = [("a", [0, 1.6]), ("b", [0, 0.2, -0.3]), ("c", [0, 1])], Interaction = 0 };
        double theory = StudentT.Power(1.6 / sweep.DeviationOf(0), 5, 0.05);
        int found = Enumerable.Range(0, Draws).Count(i => sweep.Table(i).Compare("a", null).Effects[0].IsFound);
        Assert.InRange(theory, 0.5, 0.95);
        Assert.InRange((double)found / Draws, theory - 0.06, theory + 0.06);
    }
}
