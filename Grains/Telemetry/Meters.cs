using System.Diagnostics.Metrics;

namespace Grains.Telemetry;

/// <summary>Where instruments are made; each module makes its own from its meter.</summary>
public static class Meters
{
    public static readonly Meter Sweeps = new(Names.Sweeps);
    public static readonly Meter Leases = new(Names.Leases);
    public static readonly Meter Trainings = new(Names.Trainings);
}
