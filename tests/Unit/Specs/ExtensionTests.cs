using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;

namespace Tests.Unit.Specs;

public sealed class ExtensionTests
{
    [Fact]
    public void MorePointsAndReplicatesComeBehindThoseThatAreThere()
    {
        var small = Random(points: 2, replicates: 1);
        var large = SweepPlanner.Extend(small, new SweepExtension(Trials: 3, Replicates: 2));
        Assert.Equal(SweepPlanner.Plan(Random(points: 3, replicates: 2)).Trials.Select(Key), SweepPlanner.Plan(large).Trials.Select(Key));

        var added = SweepPlanner.Added(SweepPlanner.Plan(small), SweepPlanner.Plan(large));
        Assert.Equal([3, 4, 5, 6], added.Select(t => t.Number));
        Assert.Equal(SweepPlanner.Plan(large).Trials.Select(Key).Order(),
            SweepPlanner.Plan(small).Trials.Concat(added).Select(Key).Order());
    }

    [Fact]
    public void LessThanThereIsChangesNothing()
    {
        var spec = Random(points: 4, replicates: 3);
        Assert.Empty(SweepPlanner.Added(SweepPlanner.Plan(spec),
            SweepPlanner.Plan(SweepPlanner.Extend(spec, new SweepExtension(Trials: 2, Replicates: 1)))));
    }

    [Fact]
    public void GridGetsNoMorePoints() =>
        Assert.Contains("--trials: 9",
            Assert.Throws<SpecException>(() => SweepPlanner.Extend(Read("parameters: {epochs: {values: [2, 4]}}"),
            new SweepExtension(Trials: 9))).Message, StringComparison.Ordinal);

    private static string Key(PlannedTrial t) => $"{t.Replicate} {t.Point.Epochs} {Canonical.Json(t.Point.Configuration)}";

    private static SweepSpec Random(int points, int replicates) =>
        Read($"parameters: {{learning_rate: {{min: 1e-4, max: 1e-1, log: true}}}}\nsearch: {{sampler: random, trials: " +
            $"{points}}}\nreplicates: {replicates}");

    private static SweepSpec Read(string more) =>
        SweepSpecReader.Read($"name: s\ndata: {{source: xray-phantom}}\n{more}\n", "s.yaml", "/").Spec!;
}
