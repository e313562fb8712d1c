using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>Trains a trial once more, alone, from its initial checkpoint, and compares. It is stateless and runs on any silo.</summary>
[Alias("IVerifierGrain")]
public interface IVerifierGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Answers for each epoch, until the first that differs, and then for the weights. It takes a core of its own beside the slots, and
    /// writes nothing.
    /// </summary>
    [Alias("Verify")]
    IAsyncEnumerable<VerifiedEpoch> Verify(TrialId trial, CancellationToken cancellationToken);
}
