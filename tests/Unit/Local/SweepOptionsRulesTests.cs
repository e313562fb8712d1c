using Grains;
using Grains.Hosting;
using Microsoft.Extensions.Options;

namespace Tests.Unit.Local;

/// <summary>Checks a silo's options before it starts.</summary>
public sealed class SweepOptionsRulesTests
{
    private static readonly SweepOptions s_good = new() { SiloName = "silo-1", Version = "test" };

    [Fact]
    public void DefaultsObeyAllRules() => Assert.False(new SweepOptionsRules().Validate(null, s_good).Failed);

    [Fact]
    public void RenewalThatComesTooLateNamesBothFieldsAndTheirValues() => Breaks(
        s_good with { RenewalInterval = TimeSpan.FromSeconds(10) },
        "RenewalInterval: 00:00:10 is not below LeaseDuration, 00:00:10: a lease is renewed before it runs out.");

    [Fact]
    public void EveryFieldHasItsRule()
    {
        Breaks(s_good with { SiloName = " " }, "SiloName: ' ' names nobody.");
        Breaks(s_good with { Slots = -1 }, "Slots: -1 is outside 0..1024.");
        Breaks(s_good with { Memory = 0 }, "Memory: 0 bytes hold no training: give at least 1.");
        Breaks(s_good with { RenewalInterval = TimeSpan.Zero }, "RenewalInterval: 00:00:00 is no interval.");
        Breaks(s_good with { AcquireWait = TimeSpan.FromSeconds(-1) }, "AcquireWait: -00:00:01 is below zero.");
        Breaks(s_good with { CheckpointInterval = TimeSpan.Zero },
            "CheckpointInterval: 00:00:00 is below ShortestCheckpointInterval, 00:00:01.");
        Breaks(s_good with { CrashesBeforeFailure = 0 },
            "CrashesBeforeFailure: 0 would fail a training that never crashed: give at least 1.");
        Breaks(s_good with { LossesBeforeAlone = 0 }, "LossesBeforeAlone: 0 would train everything alone: give at least 1.");
        Breaks(s_good with { BreaksBeforeFailure = 0 }, "BreaksBeforeFailure: 0 would fail a sweep that never broke off: give at least 1.");
        Breaks(s_good with { ExitNotes = "run/exits" }, "ExitNotes: run/exits is no absolute path.");
    }

    [Fact]
    public void AllThatIsWrongIsSaidAtOnce()
    {
        var broken = Assert.Throws<OptionsValidationException>(
            () => SweepOptionsRules.Require(s_good with { Slots = -1, LeaseDuration = TimeSpan.Zero }));
        Assert.Equal(3, broken.Failures.Count());
    }

    private static void Breaks(SweepOptions options, string sentence) =>
        Assert.Equal(sentence, Assert.Single(new SweepOptionsRules().Validate(null, options).Failures!));
}
