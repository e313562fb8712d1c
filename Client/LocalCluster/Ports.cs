using System.Net;
using System.Net.Sockets;

namespace Client.LocalCluster;

/// <summary>Free TCP ports on loopback, below the range that the system gives to outgoing connections.</summary>
internal static class Ports
{
    private const int First = 20_000, Last = 32_000;

    /// <summary>Random, so that clusters that start together do not choose alike.</summary>
    public static int Find(IReadOnlySet<int> taken)
    {
        for (int attempt = 0; attempt < 500; attempt++)
        {
            int port = Random.Shared.Next(First, Last + 1);
            if (!taken.Contains(port) && IsFree(port)) return port;
        }
        throw CommandException.NoCluster($"no free port found on 127.0.0.1 between {First} and {Last}. Stop what holds them.");
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static async Task<bool> Answers(int port, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
