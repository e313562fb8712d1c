using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Grains.Interfaces.Local;

/// <summary>Opens the sockets at which a silo is reached.</summary>
internal sealed class LocalConnectionListenerFactory(SocketFolder folder, TimeProvider clock,
    ILogger<LocalConnectionListenerFactory> logger)
    : IConnectionListenerFactory
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Opens a socket. It waits a while for an earlier run of the silo that has yet to end.</summary>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        for (long begin = clock.GetTimestamp(); ; await Task.Delay(Interval, clock, cancellationToken))
        {
            try
            {
                return new LocalConnectionListener(endpoint, folder, clock, logger);
            }
            catch (IOException) when (clock.GetElapsedTime(begin) < Patience)
            {
                // The earlier run still holds its lock.
            }
            catch (IOException e)
            {
                throw new AddressInUseException($"{folder.FileOf(SocketFolder.PortOf(endpoint))} cannot be served: {e.Message}", e);
            }
        }
    }
}
