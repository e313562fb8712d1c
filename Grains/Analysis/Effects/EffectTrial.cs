using System.Collections.Immutable;
using Grains.Interfaces.Model;

namespace Grains.Analysis.Effects;

/// <summary>A trial as effects see it: what it was set to, and the one number that it ended with.</summary>
/// <param name="Number">The number, counted from 1.</param>
/// <param name="Settings">The settings that tell the point from the sweep's others and act in it, with the budget as `epochs`.</param>
/// <param name="Replicate">The replicate, counted from 1. With the shape of the model it determines the initial checkpoint.</param>
/// <param name="Standing">Whether the trial counts, or why not.</param>
/// <param name="Value">The metric at the epoch that speaks for the trial; without a meaning where the trial does not count.</param>
public sealed record EffectTrial(
    int Number, ImmutableSortedDictionary<string, SettingValue> Settings, int Replicate, Standing Standing, double Value)
{
    /// <summary>The name by which the budget is a setting.</summary>
    public const string Budget = "epochs";

    /// <summary>Makes one of a trial's parameters and its budget.</summary>
    /// <param name="value">The metric; null where the trial has none that is of something.</param>
    public static EffectTrial Of(int number, ImmutableSortedDictionary<string, SettingValue> parameters, int epochs, int replicate,
        TrialState state, FailureClass? failure, double? value)
    {
        var standing = state switch
        {
            TrialState.Completed => value is { } v && double.IsFinite(v) ? Standing.Counts : Standing.WithoutNumber,
            TrialState.Failed => failure == FailureClass.Diverged ? Standing.Diverged : Standing.Failed,
            TrialState.Stopped or TrialState.Cancelled => Standing.Stopped,
            _ => Standing.Unfinished,
        };
        return new(number, parameters.SetItem(Budget, new NumberValue(epochs)), replicate, standing, value ?? double.NaN);
    }
}

/// <summary>Whether a trial counts, or why not. Of two trials, the later in this order speaks for their pair.</summary>
public enum Standing
{
    /// <summary>It is completed and has a finite number.</summary>
    Counts,
    /// <summary>It is completed, and its number is NaN, infinite or of nothing.</summary>
    WithoutNumber,
    /// <summary>It waits, is trained or is paused.</summary>
    Unfinished,
    /// <summary>It was stopped or cancelled.</summary>
    Stopped,
    /// <summary>It failed for another reason than the next.</summary>
    Failed,
    /// <summary>Its numbers ceased to be finite.</summary>
    Diverged,
}
