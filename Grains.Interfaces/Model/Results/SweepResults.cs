using System.Text.Json.Nodes;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Results;

/// <summary>
/// The contract of `sweep results ID --format json`. Property names are written in camelCase. A metric that is not a finite number is null, and the
/// trial's reason says so.
/// </summary>
public sealed record SweepResults
{
    /// <summary>The version of this contract. Version 1 knew the metrics of the classifier alone, as properties.</summary>
    public int Version { get; init; } = 2;

    public required SweepHeading Sweep { get; init; }

    /// <summary>What the sweep's training program reports for each epoch, in its order.</summary>
    public required IReadOnlyList<Metric> Metrics { get; init; }

    /// <summary>The configurations, best first by the objective's mean; those without a result come last.</summary>
    public required IReadOnlyList<ConfigurationResult> Configurations { get; init; }

    /// <summary>The trials, by number.</summary>
    public required IReadOnlyList<TrialResult> Trials { get; init; }
}

/// <param name="Digest">The result digest; null while a trial is not terminal, or when one was cancelled or failed for an infrastructure
/// reason.</param>
/// <param name="EpochsAsked">The sum of the budgets.</param>
/// <param name="EpochsTrained">The epochs that slots computed for this sweep. Those that were reused from another sweep or trial are not
/// among them.</param>
public sealed record SweepHeading(
    string Id, string Name, SweepState State, string? Reason, string? Digest, Objective Objective, long EpochsAsked, long EpochsTrained)
{
    /// <summary>The notes that a person should read about the data, found when they were read.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether the sweep's program promises the same numbers again. Without the promise there is no digest.</summary>
    public bool Repeats { get; init; } = true;
}

/// <summary>One point over its replicates.</summary>
public sealed record ConfigurationResult
{
    public required string? Name { get; init; }

    /// <summary>The value of each setting that varies in the sweep.</summary>
    public required JsonObject Parameters { get; init; }

    public required int Epochs { get; init; }

    /// <summary>The numbers of its trials.</summary>
    public required IReadOnlyList<int> Trials { get; init; }

    /// <summary>The number of trials that count: completed, with an objective.</summary>
    public required int Completed { get; init; }

    /// <summary>The mean of the objective; null when no trial has one.</summary>
    public required double? Mean { get; init; }

    /// <summary>Sample standard deviation (n − 1); null below two replicates.</summary>
    public required double? Deviation { get; init; }

    public required double? Best { get; init; }

    /// <summary>The median of the objective over replicates; null when no trial has one.</summary>
    public double? Median { get; init; }

    /// <summary>
    /// The lower end of the 95 % interval of the mean, Student's over replicates. It is null below two replicates and where they do not
    /// differ at all.
    /// </summary>
    public double? Low { get; init; }

    public double? High { get; init; }

    /// <summary>The metrics that the program wants to be shown beside the objective, at the epoch where that is read.</summary>
    public required IReadOnlyDictionary<string, Spread> Reported { get; init; }

    public required long ParameterCount { get; init; }

    /// <summary>The mean training time over the replicates.</summary>
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

    /// <summary>The measurements, one per epoch from 1, at most the budget.</summary>
    public required IReadOnlyList<EpochResult> Measurements { get; init; }

    public required string InitialCheckpoint { get; init; }

    /// <summary>The digest of the weights at the budget; null until the trial is completed.</summary>
    public required string? FinalCheckpoint { get; init; }

    public required string Recipe { get; init; }

    /// <summary>The silo of the latest attempt.</summary>
    public required string? Silo { get; init; }

    public required int Attempt { get; init; }

    /// <summary>The sum over the measurements.</summary>
    public required double Seconds { get; init; }

    public required long ParameterCount { get; init; }

    /// <summary>The epochs that were computed for another trial, before or beside this one.</summary>
    public required IReadOnlyList<EpochRange> Reused { get; init; }
}

/// <param name="Metrics">The value of each metric; null where it is not a finite number.</param>
public sealed record EpochResult(int Epoch, IReadOnlyDictionary<string, double?> Metrics, double Seconds);

/// <summary>A metric over the replicates of a configuration.</summary>
/// <param name="Mean">The mean; null where no replicate has a value.</param>
/// <param name="Deviation">Sample standard deviation (n − 1); null below two replicates.</param>
public sealed record Spread(double? Mean, double? Deviation);
