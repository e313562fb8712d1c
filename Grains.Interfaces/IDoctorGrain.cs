using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>Tells whether journal, leases, checkpoints and members agree. It is stateless and runs on any silo.</summary>
[Alias("IDoctorGrain")]
public interface IDoctorGrain : IGrainWithIntegerKey
{
    /// <summary>Takes one look. Work that is under way at this moment may show as a fault and be gone at the next look.</summary>
    [Alias("Examine")]
    Task<Checkup> Examine(CancellationToken cancellationToken);
}
