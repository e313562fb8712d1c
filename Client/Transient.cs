using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace Client;

/// <summary>Recognizes what a call throws when its silo has died or hangs, and another may answer.</summary>
internal static class Transient
{
    public static bool Is(Exception e) => e is TimeoutException or OrleansMessageRejectionException or SiloUnavailableException
        or EnumerationAbortedException or ConnectionFailedException or GatewayTooBusyException;
}
