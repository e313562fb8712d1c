using System.Buffers.Binary;
using System.Net.Sockets;

namespace Grains.Interfaces.Local;

/// <summary>The process at the other end of a local socket, as the kernel noted it when the connection was made.</summary>
internal readonly record struct Peer(int Process, uint User)
{
    private const int SocketLevel = 1, PeerCredentials = 17;

    /// <summary>Whether it is the user of this process and nobody else. Root can become that user, and needs no exception.</summary>
    public bool IsOwner => User == Libc.EffectiveUser;

    /// <summary>The peer of a socket; null where the system does not say. There only the folder's mode keeps others out.</summary>
    public static Peer? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        // The struct ucred holds process, user and group, 4 bytes each.
        Span<byte> credentials = stackalloc byte[12];
        _ = socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return new Peer(BinaryPrimitives.ReadInt32LittleEndian(credentials), BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]));
    }
}
