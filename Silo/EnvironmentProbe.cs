using Grains.Training;

namespace Silo;

/// <summary>Probes the numeric environment while the silo still starts and joins. It loads libtorch and compiles what trains.</summary>
public sealed class EnvironmentProbe
{
    public Task<(string Hash, string Environment)> Result { get; } = Task.Run(Fingerprint.Probe);
}
