using System.Buffers.Binary;
using System.Net.Sockets;

namespace Grains.Interfaces.Local;

/// <summary>The process at the other end of a local socket, as the kernel noted it when the connection was made.</summary>
internal readonly record struct Peer(int Process, uint User)
{
    private const int SocketLevel = 1, PeerCredentials = 17;

    /// <summary>True for the user of this process and nobody else: root can become that user, and needs no exception.</summary>
    public bool IsOwner => User == Libc.EffectiveUser;

    /// <summary>Null where the system does not say: there only the folder's mode keeps others out.</summary>
    public static Peer? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        // struct ucred: process, user and group, 4 bytes each.
        Span<byte> credentials = stackalloc byte[12];
        _ = socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
        return new Peer(BinaryPrimitives.ReadInt32LittleEndian(credentials), BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]));
    }
}
