using System.Diagnostics;

namespace Grains.Telemetry;

/// <summary>
/// Links work to a call that it outlives. The trace is kept as text beside the work (`Activity.Current?.Id`), and the process that carries
/// on takes it up again.
/// </summary>
public static class TraceLinks
{
    /// <summary>The text to store now, or null outside a trace.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>
    /// Reads a stored text. It returns null where nothing was stored or it is no W3C traceparent: telemetry stops no work.
    /// </summary>
    public static ActivityContext? Parse(string? traceparent) =>
        ActivityContext.TryParse(traceparent, traceState: null, isRemote: true, out var context) ? context : null;

    /// <summary>
    /// Starts a span below the stored one, or the root of a new trace; null when nobody records. The span becomes
    /// <see cref="Activity.Current"/>: dispose it where it was started.
    /// </summary>
    public static Activity? StartFrom(ActivitySource source, string name, string? traceparent)
    {
        if (Parse(traceparent) is { } parent) return source.StartActivity(name, ActivityKind.Internal, parent);
        // Without this a span that outlives its call would hang below whatever call happened to start it.
        Activity.Current = null;
        return source.StartActivity(name, ActivityKind.Internal);
    }
}
