using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>Stateless, on any silo: whether journal, leases, checkpoints and members agree.</summary>
[Alias("IDoctorGrain")]
public interface IDoctorGrain : IGrainWithIntegerKey
{
    /// <summary>One look; what is under way at this moment may show as a fault and be gone at the next.</summary>
    [Alias("Examine")]
    Task<Checkup> Examine(CancellationToken cancellationToken);
}
