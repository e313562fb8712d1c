using Microsoft.Extensions.Options;

namespace Grains.Hosting;

/// <summary>The rules that a silo's options must obey. A failure names the field, its value and the rule.</summary>
public sealed class SweepOptionsRules : IValidateOptions<SweepOptions>
{
    /// <exception cref="OptionsValidationException">The options break a rule; its message names all that they break.</exception>
    public static void Require(SweepOptions options)
    {
        var result = new SweepOptionsRules().Validate(null, options);
        if (result.Failed) throw new OptionsValidationException(nameof(SweepOptions), typeof(SweepOptions), result.Failures);
    }

    public ValidateOptionsResult Validate(string? name, SweepOptions options)
    {
        var o = options;
        var broken = new ValidateOptionsResultBuilder();
        void Rule(bool holds, string field, object? value, string rule)
        {
            if (!holds) broken.AddError($"{field}: {value} {rule}.");
        }
        Rule(!string.IsNullOrWhiteSpace(o.SiloName), nameof(o.SiloName), $"'{o.SiloName}'", "names nobody");
        Rule(o.Slots is >= 0 and <= SweepOptions.MostSlots, nameof(o.Slots), o.Slots, $"is outside 0..{SweepOptions.MostSlots}");
        Rule(o.Memory > 0, nameof(o.Memory), o.Memory, "bytes hold no training: give at least 1");
        Rule(o.LeaseDuration > TimeSpan.Zero, nameof(o.LeaseDuration), o.LeaseDuration, "is no time to hold a lease for");
        Rule(o.RenewalInterval > TimeSpan.Zero, nameof(o.RenewalInterval), o.RenewalInterval, "is no interval");
        Rule(o.RenewalInterval < o.LeaseDuration, nameof(o.RenewalInterval), o.RenewalInterval,
            $"is not below {nameof(o.LeaseDuration)}, {o.LeaseDuration}: a lease is renewed before it runs out");
        Rule(o.AcquireWait >= TimeSpan.Zero, nameof(o.AcquireWait), o.AcquireWait, "is below zero");
        Rule(o.ShortestCheckpointInterval >= TimeSpan.Zero, nameof(o.ShortestCheckpointInterval), o.ShortestCheckpointInterval,
            "is below zero");
        Rule(o.CheckpointInterval >= o.ShortestCheckpointInterval, nameof(o.CheckpointInterval), o.CheckpointInterval,
            $"is below {nameof(o.ShortestCheckpointInterval)}, {o.ShortestCheckpointInterval}");
        Rule(o.CrashesBeforeFailure > 0, nameof(o.CrashesBeforeFailure), o.CrashesBeforeFailure,
            "would fail a training that never crashed: give at least 1");
        Rule(o.LossesBeforeAlone > 0, nameof(o.LossesBeforeAlone), o.LossesBeforeAlone, "would train everything alone: give at least 1");
        Rule(o.BreaksBeforeFailure > 0, nameof(o.BreaksBeforeFailure), o.BreaksBeforeFailure,
            "would fail a sweep that never broke off: give at least 1");
        Rule(o.ExitNotes is null || Path.IsPathFullyQualified(o.ExitNotes), nameof(o.ExitNotes), o.ExitNotes, "is no absolute path");
        return broken.Build();
    }
}
