using Client.Chaos;

namespace Tests.Unit.Chaos;

public sealed class ChaosScheduleTests
{
    [Fact]
    public void ASeedIsASchedule()
    {
        Assert.Equal(ChaosSchedule.Of(7, 50), ChaosSchedule.Of(7, 50));
        Assert.NotEqual(ChaosSchedule.Of(7, 50), ChaosSchedule.Of(8, 50));
        Assert.Equal(ChaosSchedule.Of(7, 50).Take(20), ChaosSchedule.Of(7, 20));
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void EveryKindComesBackInEveryRound(long seed)
    {
        var kinds = Enum.GetValues<FaultKind>();
        foreach (var round in ChaosSchedule.Of(seed, kinds.Length * 10).Chunk(kinds.Length))
            Assert.Equal(kinds, round.Select(f => f.Kind).Order());
        Assert.Equal(60, ChaosSchedule.Of(seed, 200).Take(60).Select(f => f.Number).Distinct().Count());
    }

    [Fact]
    public void AFreezeEndsBeforeTheSupervisorLosesPatience() => Assert.All(ChaosSchedule.Of(1, 600), fault =>
    {
        Assert.InRange(fault.Frozen.TotalSeconds, 1, 6);
        Assert.InRange(fault.Pause.TotalSeconds, 0, 1);
        Assert.InRange(fault.Victim, 0, 0.999999999999);
    });

    [Fact]
    public void SomeFaultsWaitForTheOneBeforeAndSomeDoNot() =>
        Assert.InRange(ChaosSchedule.Of(1, 600).Count(f => f.Patient), 400, 560);
}
