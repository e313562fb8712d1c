using System.Text.Json.Nodes;

namespace Grains.Interfaces.Model.Results;

/// <summary>
/// `sweep results ID --format json`: a contract. Property names are written in camelCase; a loss that is not a number is null, and the trial's reason says so.
/// </summary>
public sealed record SweepResults
{
    public required SweepHeading Sweep { get; init; }

    /// <summary>Best first by the objective's mean; those without a result last.</summary>
    public required IReadOnlyList<ConfigurationResult> Configurations { get; init; }

    /// <summary>By number.</summary>
    public required IReadOnlyList<TrialResult> Trials { get; init; }
}

/// <param name="Digest">The result digest; null while a trial is not terminal, or when one was cancelled or failed for an infrastructure reason.</param>
/// <param name="EpochsAsked">The sum of the budgets.</param>
/// <param name="EpochsTrained">Those that slots computed for this sweep; what another sweep or trial had is not among them.</param>
public sealed record SweepHeading(
    string Id, string Name, SweepState State, string? Reason, string? Digest, Objective Objective, long EpochsAsked, long EpochsTrained)
{
    /// <summary>What a person should know of the data, found when they were read.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One point over its replicates.</summary>
public sealed record ConfigurationResult
{
    public required string? Name { get; init; }

    /// <summary>Setting → value, of the settings that vary in the sweep.</summary>
    public required JsonObject Parameters { get; init; }

    public required int Epochs { get; init; }

    /// <summary>Numbers of its trials.</summary>
    public required IReadOnlyList<int> Trials { get; init; }

    /// <summary>Trials that count: completed, with an objective.</summary>
    public required int Completed { get; init; }

    /// <summary>Of the objective; null when no trial has one.</summary>
    public required double? Mean { get; init; }

    /// <summary>Sample standard deviation (n − 1); null below two replicates.</summary>
    public required double? Deviation { get; init; }

    public required double? Best { get; init; }

    /// <summary>Test accuracy at the objective's epoch, mean over replicates.</summary>
    public required double? TestAccuracy { get; init; }

    /// <summary>Sample standard deviation of the test accuracy; null below two replicates.</summary>
    public required double? TestDeviation { get; init; }

    public required long ParameterCount { get; init; }

    /// <summary>Training time, mean over replicates.</summary>
    public required double? Seconds { get; init; }
}

public sealed record TrialResult
{
    public required int Number { get; init; }

    public required string? Name { get; init; }

    public required JsonObject Parameters { get; init; }

    public required int Replicate { get; init; }

    public required TrialState State { get; init; }

    public required string? Reason { get; init; }

    public required FailureClass? Failure { get; init; }

    /// <summary>The budget.</summary>
    public required int Epochs { get; init; }

    /// <summary>The epoch with the best objective; null before the first.</summary>
    public required int? BestEpoch { get; init; }

    /// <summary>The objective as the spec reads it.</summary>
    public required double? Objective { get; init; }

    /// <summary>One per epoch, from 1, at most the budget.</summary>
    public required IReadOnlyList<EpochResult> Measurements { get; init; }

    public required string InitialCheckpoint { get; init; }

    /// <summary>Digest of the weights at the budget; null until completed.</summary>
    public required string? FinalCheckpoint { get; init; }

    public required string Recipe { get; init; }

    /// <summary>The silo of the latest attempt.</summary>
    public required string? Silo { get; init; }

    public required int Attempt { get; init; }

    /// <summary>Sum over the measurements.</summary>
    public required double Seconds { get; init; }

    public required long ParameterCount { get; init; }

    /// <summary>Epochs that were computed for another trial, before or beside this one.</summary>
    public required IReadOnlyList<EpochRange> Reused { get; init; }
}

public sealed record EpochResult(int Epoch, double? TrainLoss, double TrainAccuracy, double? ValidationLoss, double ValidationAccuracy,
    double? TestLoss, double TestAccuracy, double? Penalty, double Seconds);
