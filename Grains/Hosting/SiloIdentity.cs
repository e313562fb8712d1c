using Grains.Leases;

namespace Grains.Hosting;

/// <summary>The identity of this run of the silo. It is known once the silo has joined and probed its numeric environment.</summary>
public sealed class SiloIdentity
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the silo may take work.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The address and generation. Another run of the same silo has another.</summary>
    public string Generation { get; private set; } = "";

    public string Fingerprint { get; private set; } = "";

    public void Announce(string generation, string fingerprint)
    {
        (Generation, Fingerprint) = (generation, fingerprint);
        _ready.TrySetResult();
    }
}
