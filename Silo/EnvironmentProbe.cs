using Grains.Training;

namespace Silo;

/// <summary>
/// The probe of the numeric environment, which runs while the silo still starts and joins: it loads libtorch and compiles what trains.
/// </summary>
public sealed class EnvironmentProbe
{
    public Task<(string Hash, string Environment)> Result { get; } = Task.Run(Fingerprint.Probe);
}
