using System.Diagnostics;

namespace Grains.Telemetry;

/// <summary>The sources in which spans start. A source without a listener costs a null check.</summary>
public static class Sources
{
    public static readonly ActivitySource Sweeps = new(Names.Sweeps);
    public static readonly ActivitySource Trainings = new(Names.Trainings);
}
