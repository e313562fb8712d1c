using System.Diagnostics;

namespace Grains.Telemetry;

/// <summary>
/// Work that outlives the call which asked for it: its trace is kept as text beside the work (`Activity.Current?.Id`) and taken up
/// again by whichever process carries on.
/// </summary>
public static class TraceLinks
{
    /// <summary>What to store now, or null outside a trace.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>Null where nothing was stored or it is no W3C traceparent: telemetry stops no work.</summary>
    public static ActivityContext? Parse(string? traceparent) =>
        ActivityContext.TryParse(traceparent, traceState: null, isRemote: true, out var context) ? context : null;

    /// <summary>
    /// A span below the stored one, or the root of a new trace; null when nobody records. It becomes <see cref="Activity.Current"/>:
    /// dispose it where it was started.
    /// </summary>
    public static Activity? StartFrom(ActivitySource source, string name, string? traceparent)
    {
        if (Parse(traceparent) is { } parent) return source.StartActivity(name, ActivityKind.Internal, parent);
        // Without this a span that outlives its call would hang below whatever call happened to start it.
        Activity.Current = null;
        return source.StartActivity(name, ActivityKind.Internal);
    }
}
