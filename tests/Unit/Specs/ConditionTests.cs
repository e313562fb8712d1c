namespace Tests.Unit.Specs;

public sealed class ConditionTests
{
    [Fact]
    public void GridHasEachDistinctPointOnce()
    {
        var plan = SpecFiles.Plan("parameters: {kind: {values: [dense, cnn]}, dropout: {values: [0, 0.1, 0.2], when: {kind: cnn}}, " +
            "l2: {values: [0.01, 0.02], when: {dropout: [0.1, 0.2]}}}");
        Assert.Equal(
        [
            "kind=dense", "dropout=0 kind=cnn", "dropout=0.1 kind=cnn l2=0.01", "dropout=0.1 kind=cnn l2=0.02",
            "dropout=0.2 kind=cnn l2=0.01", "dropout=0.2 kind=cnn l2=0.02",
        ], plan.Points.Select(p => string.Join(' ', p.Own.Select(o => $"{o.Key}={o.Value}"))));
    }

    [Fact]
    public void DrawnPointHasAParameterOnlyWhereItExists()
    {
        var plan = SpecFiles.Plan("search: {sampler: random, trials: 60}\nparameters: {optimizer: {values: [adam, sgd]}, " +
            "momentum: {min: 0.1, max: 0.9, when: {optimizer: sgd}}}");
        Assert.All(plan.Points, p => Assert.Equal(p.Own["optimizer"].ToString() == "sgd", p.Own.ContainsKey("momentum")));
        Assert.Equal(1, plan.Points.Count(p => p.Own["optimizer"].ToString() == "adam"));
    }
}
