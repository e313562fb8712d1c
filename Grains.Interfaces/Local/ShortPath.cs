using System.Net.Sockets;

namespace Grains.Interfaces.Local;

/// <summary>
/// Gives a long path a short name. A socket's path may take 107 bytes, and a home's may take thousands. So the folder is opened, and the
/// socket is named by way of that descriptor. It is the same file: the rights of the folder and of all folders above it hold.
/// </summary>
internal sealed class ShortPath : IDisposable
{
    private readonly int _descriptor = -1;
    private readonly string _folder;

    /// <exception cref="SocketException">There is no such folder, or this user may not enter it.</exception>
    public ShortPath(string folder)
    {
        _folder = folder;
        if (!OperatingSystem.IsLinux()) return;
        _descriptor = Libc.OpenPath(folder);
        if (_descriptor < 0) throw new SocketException((int)SocketError.AddressNotAvailable);
        _folder = $"/proc/self/fd/{_descriptor}";
    }

    public UnixDomainSocketEndPoint To(string name) => new(Path.Combine(_folder, name));

    public void Dispose()
    {
        if (_descriptor >= 0) Libc.Close(_descriptor);
    }
}
