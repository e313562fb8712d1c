using Grains.Interfaces.Model;
using Grains.Search.Simulation;

namespace Tests.Unit.Search;

public sealed class SimulatorTests
{
    private static readonly string[] s_samplers = ["random", "sobol", "tpe", "gp", "cma_es", "auto"],
        s_schedulers = ["full", "median", "patience", "screening", "halving", "hyperband", "asha"];

    public static TheoryData<string, string> Pairs =>
        [.. from sampler in s_samplers from scheduler in s_schedulers select (sampler, scheduler)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void EveryPairDecidesTheSameOnOneTwoAndEightSlotsAndUnderFailures(string sampler, string scheduler)
    {
        var spec = MadeUpCurves.Spec($"{{sampler: {sampler}, scheduler: {scheduler}, trials: 18, parallelism: 4, startup: 5, min_epochs: 1}}");
        var curves = MadeUpCurves.Of();
        var runs = new[] { (1, 0.0, 0.0), (2, 0, 0.2), (8, 0.05, 0.3) }.Select(o => Simulator.Run(spec, curves,
            new SimulationOptions { Slots = o.Item1, Failures = o.Item2, Stragglers = o.Item3 })).ToList();
        Assert.Single(runs.Select(r => r.Decisions).Distinct());
        // Patience may stop every point before its budget.
        if (scheduler != "patience") Assert.All(runs, r => Assert.NotEmpty(r.Best));
        Assert.True(runs[1].VirtualSeconds < runs[0].VirtualSeconds);
    }

    [Fact]
    public void TenThousandSlotsTrainAllThatIsKnownAtOnce()
    {
        var run = Simulator.Run(MadeUpCurves.Spec("{sampler: random, trials: 2000, scheduler: screening, min_epochs: 1}"), MadeUpCurves.Of(),
            new SimulationOptions { Slots = 10_000 });
        Assert.Equal(2000, run.Trials);
        // The slowest first epoch, then the slowest of the rest.
        Assert.InRange(run.VirtualSeconds, 1, 2 * MadeUpCurves.Epochs * 25.6);
    }

    [Theory]
    [InlineData("stop: {trials: 7}", "No more points after 7, by stop.trials.")]
    [InlineData("stop: {target: 100}", "Point ")]
    [InlineData("stop: {epochs: 81}", "No more points after 81 epochs, by stop.epochs.")]
    [InlineData("stop: {patience: 3}", "Point ")]
    public void RuleToStopEndsASearchEarlyAndTheSameOnAnyNumberOfSlots(string stop, string _)
    {
        var spec = MadeUpCurves.Spec("{sampler: sobol, trials: 60, parallelism: 3}", stop);
        var runs = new[] { 1, 8 }.Select(n => Simulator.Run(spec, MadeUpCurves.Of(), new SimulationOptions { Slots = n })).ToList();
        Assert.InRange(runs[0].Trials, 2, 40);
        Assert.Equal(runs[0].Decisions, runs[1].Decisions);
    }

    [Fact]
    public void FiniteSpaceIsSearchedOnceAndNotTwice()
    {
        var spec = MadeUpCurves.Spec("{sampler: tpe, trials: 60, parallelism: 3}") with { };
        spec = spec with { Parameters = [spec.Parameters[1]] };
        Assert.Equal(5, Simulator.Run(spec, MadeUpCurves.Of(), new SimulationOptions { Slots = 2 }).Trials);
    }

    [Theory]
    [InlineData("config,rate\n0,0.1\n", "config,epoch,loss\n0,1,0.5\n0,3,0.4\n", "curves-t.csv:3: epoch 3 of configuration 0 stands where epoch 2 belongs")]
    [InlineData("config,rate\n0,0.1\n1,0.2\n", "config,epoch,loss\n0,1,0.5\n", "curves-t.csv has no curve of configuration 1")]
    [InlineData("config,rate\n0,much\n", "config,epoch,loss\n0,1,0.5\n", "configs.csv:2: `much` in column `rate` is no number")]
    [InlineData("config,rate\n", "config,epoch,loss\n0,1,0.5\n", "configs.csv:1: has no line of numbers")]
    [InlineData("rate\n0.1\n", "config,epoch,loss\n0,1,0.5\n", "configs.csv has no column `config`")]
    public void MalformedCurvesAreNamedWithTheirLine(string configs, string curves, string complaint) => Assert.Contains(
        complaint, Assert.Throws<SpecException>(() => MadeUpCurves.Of(configs, curves)).Message, StringComparison.Ordinal);
}
