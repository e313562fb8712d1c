using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;

namespace Grains.Analysis;

/// <summary>
/// Everything that is known of one trial, as read from the tables, its state before its measurements. Tables and digests are made from it.
/// </summary>
public sealed record TrialFacts
{
    /// <summary>The number, counted from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The file's name for the point; null where a sampler proposed it.</summary>
    public required string? Name { get; init; }

    /// <summary>The settings that tell the point from the sweep's others, for people.</summary>
    public required ImmutableSortedDictionary<string, SettingValue> Parameters { get; init; }

    /// <summary>The replicate, counted from 1.</summary>
    public required int Replicate { get; init; }

    /// <summary>The budget.</summary>
    public required int Epochs { get; init; }

    /// <summary>The part of the budget that a search has granted it; all of it where no search decides.</summary>
    public int Granted { get => field == 0 ? Epochs : field; init; }

    public required Recipe Recipe { get; init; }

    public required Digest RecipeDigest { get; init; }

    public required TrialState State { get; init; }

    /// <summary>Set when, and only when, the trial failed.</summary>
    public required FailureClass? Failure { get; init; }

    /// <summary>The reason why it ended as it did, for people.</summary>
    public required string? Reason { get; init; }

    /// <summary>
    /// The epochs 1..k in order. The training may have measured beyond the budget, or beyond the epoch at which the trial was stopped.
    /// Those epochs are not this trial's and are not here.
    /// </summary>
    public required ImmutableArray<Measurement> Measurements { get; init; }

    /// <summary>
    /// The epochs that were computed for this trial, which was the first to ask for them. The others were made for another trial, and
    /// reused.
    /// </summary>
    public ImmutableHashSet<int> Trained { get; init; } = [];

    /// <summary>
    /// The digest of the weights at the trial's last epoch; null until they are kept. It is part of the result, so no fault may decide
    /// whether it is set.
    /// </summary>
    public required Digest? FinalCheckpoint { get; init; }

    /// <summary>The silo of the latest attempt.</summary>
    public required string? Silo { get; init; }

    public required int Attempt { get; init; }

    /// <summary>The number of trainable parameters of the model.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>The settings that act, in their one form. Two trials of a configuration share them, besides the budget.</summary>
    public string ConfigurationKey() => Recipe.Settings.Json();

    /// <summary>The measured epochs that were made for another trial, as ranges.</summary>
    public ImmutableArray<EpochRange> Reused() => EpochRange.Of(Measurements.Select(m => m.Epoch).Where(e => !Trained.Contains(e)));

    /// <summary>The wall time of all epochs.</summary>
    public double Seconds => Measurements.Sum(m => m.Seconds);
}
