using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Grains.Interfaces.Local;

/// <summary>Connects to a silo by the socket that its address names.</summary>
internal sealed class LocalConnectionFactory(SocketFolder folder) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        int port = SocketFolder.PortOf(endpoint);
        try
        {
            return new LocalConnection(await folder.Connect(port, cancellationToken), new IPEndPoint(IPAddress.Loopback, 0), endpoint);
        }
        catch (SocketException e)
        {
            throw new ConnectionResetException($"{folder.FileOf(port)}: {e.Message}", e);
        }
    }
}
