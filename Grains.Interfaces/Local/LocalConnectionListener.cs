using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Grains.Interfaces.Local;

/// <summary>Accepts connections at a socket, and only of the user who runs this process.</summary>
internal sealed partial class LocalConnectionListener : IConnectionListener
{
    private const int Backlog = 512;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _held;
    private readonly ShortPath _folder;
    private readonly Socket _socket;
    private readonly string _file;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Refusals _refusals;

    /// <exception cref="IOException">Another process serves the address.</exception>
    public LocalConnectionListener(EndPoint endpoint, SocketFolder folder, TimeProvider clock, ILogger logger)
    {
        int port = SocketFolder.PortOf(endpoint);
        (EndPoint, _file, _clock, _logger, _refusals) = (endpoint, folder.FileOf(port), clock, logger, new Refusals(clock));
        Directory.CreateDirectory(folder.Path);
        _held = new FileStream(folder.LockOf(port), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        _folder = new ShortPath(folder.Path);
        _socket = SocketFolder.NewSocket();
        try
        {
            // Whoever held the lock and left this socket behind has ended.
            File.Delete(_file);
            _socket.Bind(_folder.To($"{port}"));
            _socket.Listen(Backlog);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var socket = await _socket.AcceptAsync(cancellationToken);
                if (IsWelcome(socket)) return new LocalConnection(socket, EndPoint, new IPEndPoint(IPAddress.Loopback, 0));
                socket.Dispose();
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null; // It was unbound.
            }
            catch (SocketException e)
            {
                // Mostly the process has too many files open just now, and the caller tries again.
                LogNotAccepted(_file, e.Message);
                await Task.Delay(Breath, _clock, cancellationToken);
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _socket.Dispose();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private void Dispose()
    {
        // When .NET closes a bound socket, it deletes the file. The folder's descriptor must still exist then, and the lock be held.
        _socket.Dispose();
        _folder.Dispose();
        _held.Dispose();
    }

    private bool IsWelcome(Socket socket)
    {
        if (Peer.Of(socket) is not { IsOwner: false } stranger) return true;
        if (_refusals.ToLog() is { } unsaid)
        {
            if (unsaid > 0) LogUnsaid(unsaid, _file);
            LogRefused(stranger.User, stranger.Process, _file);
        }
        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Refused a connection of user {User} (process {Process}) to {Socket}: this cluster serves nobody but its owner.")]
    private partial void LogRefused(uint user, int process, string socket);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Refused {Count} more connections of other users to {Socket}: too many to log each.")]
    private partial void LogUnsaid(int count, string socket);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection to {Socket} was not accepted: {Reason}")]
    private partial void LogNotAccepted(string socket, string reason);
}
