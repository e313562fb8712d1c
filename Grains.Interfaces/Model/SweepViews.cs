using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model;

/// <summary>One line of `sweep list`, and the head of `sweep status`.</summary>
[GenerateSerializer, Immutable, Alias("SweepSummary")]
public sealed record SweepSummary
{
    [Id(0)] public required SweepId Id { get; init; }

    [Id(1)] public required string Name { get; init; }

    [Id(2)] public required SweepState State { get; init; }

    /// <summary>The reason why it failed to start, or null.</summary>
    [Id(3)] public required string? Reason { get; init; }

    [Id(4)] public required DateTimeOffset Submitted { get; init; }

    [Id(5)] public required DateTimeOffset? Ended { get; init; }

    [Id(6)] public required TrialCounts Trials { get; init; }

    /// <summary>The numbers of epochs trained and asked for, over all trials.</summary>
    [Id(7)] public required long EpochsDone { get; init; }

    [Id(8)] public required long EpochsAsked { get; init; }

    /// <summary>The best objective so far and the trial that has it.</summary>
    [Id(9)] public required double? Best { get; init; }

    [Id(10)] public required int? BestTrial { get; init; }

    [Id(11)] public required Objective Objective { get; init; }

    [Id(12)] public required string? TraceId { get; init; }

    /// <summary>The number of epochs that slots computed for this sweep.</summary>
    [Id(13)] public required long EpochsTrained { get; init; }

    /// <summary>The number of epochs that were left to train when the sweep was prepared; null before.</summary>
    [Id(14)] public required long? EpochsToTrain { get; init; }

    /// <summary>The digest of the result when the sweep completed; null before, and where it has none.</summary>
    [Id(15)] public required Digest? Digest { get; init; }

    /// <summary>The notes that a person should read about the data, found when they were read.</summary>
    [Id(16)] public string[] Notes { get; init; } = [];

    /// <summary>What the sweep's training program reports for each epoch.</summary>
    [Id(17)] public required MetricVocabulary Metrics { get; init; }

    /// <summary>How far its search is; null without one, and in a list of sweeps.</summary>
    [Id(18)] public SearchStatus? Search { get; init; }
}

[GenerateSerializer, Immutable, Alias("TrialCounts")]
public readonly record struct TrialCounts(
    [property: Id(0)] int Pending, [property: Id(1)] int Running, [property: Id(2)] int Paused, [property: Id(3)] int Completed,
    [property: Id(4)] int Stopped, [property: Id(5)] int Failed, [property: Id(6)] int Cancelled)
{
    public int Total => Pending + Running + Paused + Completed + Stopped + Failed + Cancelled;
}

/// <summary>One line of `sweep trials`, and one bar of `sweep watch`.</summary>
[GenerateSerializer, Immutable, Alias("TrialView")]
public sealed record TrialView
{
    [Id(0)] public required int Number { get; init; }

    /// <summary>The file's name for the point, or its parameters as text.</summary>
    [Id(1)] public required string Label { get; init; }

    [Id(2)] public required int Replicate { get; init; }

    [Id(3)] public required TrialState State { get; init; }

    [Id(4)] public required string? Reason { get; init; }

    /// <summary>The number of epochs that are in the journal, at most the budget.</summary>
    [Id(5)] public required int Epoch { get; init; }

    /// <summary>The budget.</summary>
    [Id(6)] public required int Epochs { get; init; }

    /// <summary>The objective so far; null before the first epoch.</summary>
    [Id(7)] public required double? Objective { get; init; }

    [Id(8)] public required string? Silo { get; init; }

    [Id(9)] public required int Attempt { get; init; }

    [Id(10)] public required Digest Recipe { get; init; }

    /// <summary>The epochs that were computed for another trial.</summary>
    [Id(11)] public required EpochRange[] Reused { get; init; }

    /// <summary>The training that it goes on from; null when it starts from the first weights.</summary>
    [Id(12)] public required Fork? Fork { get; init; }

    /// <summary>Whether the label is a name from the file, and not made of settings.</summary>
    [Id(13)] public bool IsNamed { get; init; }

    /// <summary>What made it fail; null where it has not failed.</summary>
    [Id(14)] public FailureClass? Failure { get; init; }
}

/// <summary>An update for a watcher. It is a closed family, and each member carries the cursor to resume from.</summary>
[GenerateSerializer, Immutable, Alias("SweepUpdate")]
public abstract record SweepUpdate([property: Id(0)] WatchCursor Cursor);

/// <summary>Durable position in a sweep's events and measurements. <see cref="Start"/> is before the first.</summary>
/// <param name="Event">The last event told.</param>
/// <param name="Measurement">The last measurement told.</param>
/// <param name="Trial">The last trial told, among those that show this measurement.</param>
[GenerateSerializer, Immutable, Alias("WatchCursor")]
public readonly record struct WatchCursor([property: Id(0)] long Event, [property: Id(1)] long Measurement, [property: Id(2)] int Trial)
{
    public static readonly WatchCursor Start = new(0, 0, 0);

    /// <summary>Reads the text that <see cref="ToString"/> wrote; null for any other text.</summary>
    public static WatchCursor? Parse(string text) =>
        text.Split('.') is [var e, var m, var t] && long.TryParse(e, out long position) && long.TryParse(m, out long sequence)
            && int.TryParse(t, out int trial)
            ? new(position, sequence, trial) : null;

    public override string ToString() => $"{Event}.{Measurement}.{Trial}";
}

/// <summary>An epoch of a trial is in the journal.</summary>
[GenerateSerializer, Immutable, Alias("EpochMeasured")]
public sealed record EpochMeasured(WatchCursor Cursor, [property: Id(0)] int Trial, [property: Id(1)] Measurement Measurement)
    : SweepUpdate(Cursor);

/// <summary>
/// A lifecycle event: "Prepared", "Completed", "Failed" … It is about a trial, or about the sweep when <see cref="Trial"/> is null.
/// </summary>
/// <param name="Objective">The objective of a trial that has ended, as its own epochs give it, however much its training has measured. Null
/// without an epoch, and for other events.</param>
[GenerateSerializer, Immutable, Alias("LifecycleChanged")]
public sealed record LifecycleChanged(WatchCursor Cursor, [property: Id(0)] string Kind, [property: Id(1)] int? Trial,
    [property: Id(2)] string? Reason,
    [property: Id(3)] double? Objective = null) : SweepUpdate(Cursor);

/// <summary>The whole picture, sent at least once a second while anything changes. It also keeps the call alive.</summary>
[GenerateSerializer, Immutable, Alias("Snapshot")]
public sealed record Snapshot(WatchCursor Cursor, [property: Id(0)] SweepSummary Sweep, [property: Id(1)] TrialView[] Active)
    : SweepUpdate(Cursor);

/// <summary>One finished span, as the local span store keeps it.</summary>
[GenerateSerializer, Immutable, Alias("SpanRecord")]
public sealed record SpanRecord
{
    [Id(0)] public required string TraceId { get; init; }

    [Id(1)] public required string SpanId { get; init; }

    [Id(2)] public required string? ParentId { get; init; }

    [Id(3)] public required string Name { get; init; }

    /// <summary>The activity source.</summary>
    [Id(4)] public required string Source { get; init; }

    /// <summary>"client" or the silo's name.</summary>
    [Id(5)] public required string Process { get; init; }

    [Id(6)] public required DateTimeOffset Start { get; init; }

    [Id(7)] public required TimeSpan Duration { get; init; }

    [Id(8)] public required string? Error { get; init; }

    /// <summary>Tags as JSON.</summary>
    [Id(9)] public required string Tags { get; init; }
}
