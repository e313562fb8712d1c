using System.Diagnostics;
using OpenTelemetry;

namespace Grains.Telemetry;

/// <summary>
/// Lets only our own sources begin a trace, so that Orleans' polls and heartbeats are not recorded. This is a processor and not a sampler,
/// because OpenTelemetry does not tell a sampler which source asks. It runs as the span starts. The parent-based sampler drops what follows
/// below an unrecorded span, here or in another process.
/// </summary>
public sealed class SweepRoots : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        bool isRoot = data.ParentSpanId == default;
        if (isRoot && !data.Source.Name.StartsWith(Names.Prefix, StringComparison.Ordinal))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            data.IsAllDataRequested = false;
        }
    }
}
