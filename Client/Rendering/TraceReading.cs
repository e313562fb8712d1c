using Client.Connecting;
using Grains.Interfaces.Model;

namespace Client.Rendering;

/// <summary>Reads a sweep's trace, and waits for what its silos have not written yet.</summary>
internal static class TraceReading
{
    /// <summary>
    /// The time to wait for late spans. Silos write finished spans about once a second, and a training's own span may end after the sweep.
    /// The wait is three times that for both. Spans that a killed silo took with it never come, so the wait has an end.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6), Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Reads a trace. The trace of a sweep that has just ended is awaited with its last spans; of any other sweep it is read as it is.
    /// </summary>
    public static async Task<SpanRecord[]> Read(ClusterConnection connection, SweepId id, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var sweep = await ClusterConnection.Ask(() => connection.Reader.Status(id, cancellationToken), cancellationToken);
        for (long begin = time.GetTimestamp(); ; await Task.Delay(Pause, cancellationToken))
        {
            var spans = await ClusterConnection.Ask(() => connection.Reader.Trace(id, cancellationToken), cancellationToken);
            bool fresh = sweep?.Ended is { } ended && time.GetUtcNow() - ended < Patience;
            if (!fresh || IsWhole(spans, sweep!.EpochsTrained) || time.GetElapsedTime(begin) > Patience) return spans;
        }
    }

    /// <summary>Says whether every epoch has its span, and every span its parent, which ends after it.</summary>
    /// <param name="epochs">Those that were trained for the sweep.</param>
    public static bool IsWhole(IReadOnlyCollection<SpanRecord> spans, long epochs)
    {
        var known = spans.Select(s => s.SpanId).ToHashSet();
        return spans.Count(s => s.Name == "epoch") >= epochs && spans.All(s => s.ParentId is null || known.Contains(s.ParentId));
    }
}
