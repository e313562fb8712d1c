using System.Net;
using System.Net.Sockets;

namespace Grains.Interfaces.Local;

/// <summary>
/// The folder in a home that holds a socket for each address of its silos. Addresses stay `127.0.0.1:PORT`, as Orleans and the membership
/// table write them. Nothing listens on that port: the number is the socket's name.
/// </summary>
/// <param name="Path">The absolute path, of any length.</param>
public sealed record SocketFolder(string Path)
{
    public static SocketFolder Of(string home) => new(System.IO.Path.Combine(home, "run", "sockets"));

    public string FileOf(int port) => System.IO.Path.Combine(Path, $"{port}");

    /// <summary>
    /// The lock's file. The lock is held for as long as somebody serves the address; the kernel lets go of it when that process ends.
    /// </summary>
    public string LockOf(int port) => $"{FileOf(port)}.lock";

    /// <exception cref="SocketException">Nobody listens, or the listener belongs to another user.</exception>
    internal async Task<Socket> Connect(int port, CancellationToken cancellationToken)
    {
        var socket = NewSocket();
        try
        {
            using var path = new ShortPath(Path);
            await socket.ConnectAsync(path.To($"{port}"), cancellationToken);
            if (Peer.Of(socket) is { IsOwner: false }) throw new SocketException((int)SocketError.AccessDenied);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The port of an address of this home. An address of another host has no socket here.</summary>
    internal static int PortOf(EndPoint address) => address is IPEndPoint ip && IPAddress.IsLoopback(ip.Address) ? ip.Port
        : throw new InvalidOperationException(
            $"{address} is not on this host: the silos of a local cluster reach each other by sockets in its home.");

    internal static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
