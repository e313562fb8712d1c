using Grains.Interfaces.Model;

namespace Grains.Storage.Journal;

/// <summary>A row of table sweep. Times are Unix milliseconds.</summary>
public sealed record SweepRow
{
    public required string Id { get; init; }
    public required long Term { get; init; }
    public required string Name { get; init; }
    public required long Submitted { get; init; }
    public required long? Ended { get; init; }
    public required SweepState State { get; init; }
    public required string? Reason { get; init; }
    public required string? Digest { get; init; }
    public required string Objective { get; init; }
    /// <summary>Canonical JSON of the MetricVocabulary of the sweep's program.</summary>
    public required string Metrics { get; init; }
    public required string? ClassNames { get; init; }
    public required string Text { get; init; }
    public required string Folder { get; init; }
    public required string FileName { get; init; }
    public required string? Traceparent { get; init; }
    /// <summary>0 when every trial trains for itself.</summary>
    public required int Reuse { get; init; }
    /// <summary>Canonical JSON of a ForkRequest, or null.</summary>
    public required string? Fork { get; init; }
    /// <summary>
    /// The spec as canonical JSON, which is what counts; the text is where it came from. Null of a sweep that an earlier program took, whose
    /// text is read again.
    /// </summary>
    public string? Spec { get; init; }
    /// <summary>The sum of what the trials are granted; null until the sweep is prepared.</summary>
    public long? EpochsAsked { get; init; }
    /// <summary>The number of epochs that were left to train when the sweep was prepared.</summary>
    public long? EpochsToTrain { get; init; }
}

/// <summary>A row of table trial, with facts of its training and latest attempt.</summary>
public sealed record TrialRow
{
    public required int Number { get; init; }
    public required string? Name { get; init; }
    public required string Parameters { get; init; }
    public required int Replicate { get; init; }
    public required int Epochs { get; init; }
    /// <summary>The part of its epochs that it may be trained for so far; all of them where no search decides.</summary>
    public required int Granted { get; init; }
    /// <summary>The point's own settings as JSON, where a search proposed it; else null.</summary>
    public string? Own { get; init; }
    /// <summary>1 where it has come to a rung, and waits for a decision.</summary>
    public required int Waits { get; init; }
    /// <summary>The training: the recipe's digest, or a private name where the sweep reuses nothing.</summary>
    public required string Recipe { get; init; }
    public required TrialState State { get; init; }
    public required FailureClass? Failure { get; init; }
    public required string? Reason { get; init; }
    public required string RecipeJson { get; init; }
    public required long ParameterCount { get; init; }
    public required int Attempt { get; init; }
    public required string? Silo { get; init; }
    /// <summary>1 while an attempt is under way.</summary>
    public required int Leased { get; init; }
    public required string? FinalCheckpoint { get; init; }
    /// <summary>
    /// The number of epochs that were measured when the trial was cancelled, or at which a search stopped it: later ones are not its own. It
    /// is null for any other trial.
    /// </summary>
    public required int? Measured { get; init; }

    /// <summary>The last epoch of the training's measurements that belongs to the trial.</summary>
    public int Visible => Math.Min(Granted, Measured ?? int.MaxValue);
}

/// <summary>A row of table measurement.</summary>
public sealed record MeasurementRow
{
    public required long Sequence { get; init; }
    /// <summary>The name of the training.</summary>
    public required string Recipe { get; init; }
    public required int Epoch { get; init; }
    /// <summary>The attempt that measured the epoch first; 0 when it was taken over with a fork.</summary>
    public required int Attempt { get; init; }
    public required double Seconds { get; init; }
    /// <summary>The form of <see cref="Interfaces.Model.Metrics.MetricValues"/>.</summary>
    public required byte[] Metrics { get; init; }
    /// <summary>The form of <see cref="Interfaces.Model.Metrics.CountTables"/>; null where no table has a count.</summary>
    public required byte[]? Counts { get; init; }
}

/// <summary>An epoch that a slot computed for a trial.</summary>
public sealed record TrainedEpochRow
{
    public required int Trial { get; init; }
    public required int Epoch { get; init; }
    public required int Attempt { get; init; }
}

/// <summary>A row of table checkpoint.</summary>
public sealed record CheckpointRow
{
    public required string Kind { get; init; }
    public required int Epoch { get; init; }
    public required string Weights { get; init; }
    public required string? Optimizer { get; init; }
}

/// <summary>A row of table silo.</summary>
public sealed record SiloRow
{
    public required string Name { get; init; }
    public required string Generation { get; init; }
    public required int Pid { get; init; }
    public required int Slots { get; init; }
    public required string Fingerprint { get; init; }
    public required string Environment { get; init; }
    public required string Version { get; init; }
    public required int Busy { get; init; }
}
