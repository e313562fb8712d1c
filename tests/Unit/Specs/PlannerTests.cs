using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;

namespace Tests.Unit.Specs;

public sealed class PlannerTests
{
    [Fact]
    public void AGridRunsTheLastParameterFastestAndKeepsReplicatesTogether()
    {
        var plan = SpecFiles.Plan("parameters: {activation: {values: [relu, tanh]}, dropout: {values: [0, 0.5]}}\nreplicates: 2");
        Assert.Equal(["relu/0", "relu/0.5", "tanh/0", "tanh/0.5"],
            plan.Points.Select(p => $"{p.Parameters["activation"]}/{p.Parameters["dropout"]}"));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], plan.Trials.Select(t => t.Number));
        Assert.Equal([1, 2, 1, 2, 1, 2, 1, 2], plan.Trials.Select(t => t.Replicate));
        Assert.Same(plan.Points[0], plan.Trials[1].Point);
    }

    [Fact]
    public void PointsThatDifferOnlyInWhatDoesNotActAreOne()
    {
        var plan = SpecFiles.Plan("parameters: {optimizer: {values: [adam, sgd]}, momentum: {values: [0, 0.5, 0.9]}}");
        Assert.Equal(4, plan.Points.Length);
        Assert.DoesNotContain("momentum", plan.Points[0].Parameters.Keys);
        Assert.Equal("0.9", plan.Points[3].Parameters["momentum"].ToString());
    }

    [Fact]
    public void ANamedTrialComesFirstAndKeepsItsNameWhenTheGridFindsItAgain()
    {
        var plan = SpecFiles.Plan("parameters: {dropout: {values: [0, 0.5]}}\ntrials: [{name: half, dropout: 0.5}]");
        Assert.Equal(["half", null], plan.Points.Select(p => p.Name));
    }

    [Fact]
    public void TheBudgetTellsPointsApart() =>
        Assert.Equal([25, 40], SpecFiles.Plan("parameters: {epochs: {values: [25, 40, 25]}}").Points.Select(p => p.Epochs));

    [Fact]
    public void WithoutParametersAndTrialsThereIsOnePoint()
    {
        var point = Assert.Single(SpecFiles.Plan("").Points);
        Assert.Empty(point.Parameters);
        Assert.Null(point.Name);
    }

    [Fact]
    public void TrialsAloneAddNoPointOfTheSharedSettings() =>
        Assert.Equal("a", Assert.Single(SpecFiles.Plan("trials: [{name: a, dropout: 0.1}]").Points).Name);

    [Fact]
    public void AStepGivesTheNumbersThatAPersonWouldWrite() => Assert.Equal(
        ["0", "0.1", "0.2", "0.3"], SpecFiles.Plan("parameters: {dropout: {min: 0, max: 0.3, step: 0.1}}").Points.Select(
            p => p.Parameters["dropout"].ToString()));

    [Fact]
    public void RandomPointsAreAFunctionOfSeedNameAndIndexAlone()
    {
        const string rate = "learning_rate: {min: 1e-5, max: 1e-1, log: true}";
        var few = Drawn($"seed: 7\nsearch: {{sampler: random, trials: 5}}\nparameters: {{{rate}}}");
        var more = Drawn($"seed: 7\nsearch: {{sampler: random, trials: 9}}\nparameters: {{dropout: {{min: 0, max: 0.5}}, {rate}}}");
        var other = Drawn($"seed: 8\nsearch: {{sampler: random, trials: 5}}\nparameters: {{{rate}}}");
        Assert.Equal(few, more[..5]);
        Assert.NotEqual(few, other);
        Assert.All(more, r => Assert.InRange(r, 1e-5, 1e-1));

        static double[] Drawn(string text) =>
            [.. SpecFiles.Plan(text).Points.Select(p => ((NumberValue)p.Parameters["learning_rate"]).Number)];
    }

    [Theory]
    [InlineData("{min: 1, max: 4}")]
    [InlineData("{min: 1, max: 4, log: true}")]
    [InlineData("{min: 1, max: 4, step: 1}")]
    [InlineData("{min: 1, max: 4, log: true, step: 1}")]
    public void WholeNumbersOfARangeAllAppear(string range)
    {
        var plan = SpecFiles.Plan($"search: {{sampler: random, trials: 200}}\nparameters: {{epochs: {range}}}");
        Assert.Equal([1, 2, 3, 4], plan.Points.Select(p => p.Epochs).Order());
    }

    [Fact]
    public void ASpecWithTooManyTrialsIsRefusedByThePlannerToo()
    {
        var spec = SpecFiles.Spec("parameters: {epochs: {min: 1, max: 50000, step: 1}}\nreplicates: 2") with { Replicates = 3 };
        Assert.Contains("150000 trials", Assert.Throws<SpecException>(() => SweepPlanner.Plan(spec)).Message);
    }

    [Theory]
    [InlineData("demo.yaml", 10, 20)]
    [InlineData("homework.yaml", 23, 46)]
    [InlineData("activations-fashion.yaml", 5, 15)]
    public void TheSweepsThatWeShipAreWithoutMistakes(string file, int points, int trials)
    {
        var reading = SpecFiles.Read(SpecFiles.PathOf("deploy", "sweeps", file));
        Assert.Empty(reading.Errors);
        var plan = SweepPlanner.Plan(reading.Spec!);
        Assert.Equal((points, trials), (plan.Points.Length, plan.Trials.Length));
    }
}
