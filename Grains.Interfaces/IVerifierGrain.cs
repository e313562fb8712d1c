using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>Stateless, on any silo: trains a trial once more, alone, from its initial checkpoint, and compares.</summary>
[Alias("IVerifierGrain")]
public interface IVerifierGrain : IGrainWithIntegerKey
{
    /// <summary>An answer per epoch, until the first that differs; then the weights. Beside the slots: it takes a core of its own. Writes nothing.</summary>
    [Alias("Verify")]
    IAsyncEnumerable<VerifiedEpoch> Verify(TrialId trial, CancellationToken cancellationToken);
}
