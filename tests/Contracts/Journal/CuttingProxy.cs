using System.Net;
using System.Net.Sockets;

namespace Tests.Contracts.Journal;

/// <summary>Says when the proxy cuts the line on which a COMMIT comes along.</summary>
public enum Cut
{
    /// <summary>The server never sees the COMMIT.</summary>
    BeforeTheServer,
    /// <summary>The server has committed, but its answer never arrives.</summary>
    BeforeTheAnswer,
}

/// <summary>Stands between a client and its PostgreSQL and, once armed, cuts the connection at the next COMMIT.</summary>
internal sealed class CuttingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private Cut? _armed;
    private int _cuts;

    public CuttingProxy(int server)
    {
        _server = server;
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Cuts => Volatile.Read(ref _cuts);

    public void Arm(Cut cut)
    {
        lock (_listener) _armed = cut;
    }

    public void Dispose() => _listener.Dispose();

    private async Task Accept()
    {
        try
        {
            while (true) _ = Serve(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection is closed.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _server);
            var (near, far) = (client.GetStream(), server.GetStream());
            var answers = far.CopyToAsync(near);
            byte[] buffer = new byte[64 * 1024];
            try
            {
                while (await near.ReadAsync(buffer) is > 0 and var count)
                {
                    if (!buffer.AsSpan(0, count).StartsWith("Q"u8)
                        || buffer.AsSpan(0, count).IndexOf("COMMIT"u8) < 0 || Disarm() is not { } cut)
                    {
                        await far.WriteAsync(buffer.AsMemory(0, count));
                        continue;
                    }
                    Interlocked.Increment(ref _cuts);
                    if (cut == Cut.BeforeTheAnswer)
                    {
                        client.Client.Shutdown(SocketShutdown.Send);
                        await far.WriteAsync(buffer.AsMemory(0, count));
                        // The server answers when it is done, but the answer goes nowhere.
                        try
                        {
                            await answers;
                        }
                        catch (IOException)
                        {
                        }
                    }
                    return;
                }
            }
            catch (IOException)
            {
                // One side has hung up.
            }
        }
    }

    private Cut? Disarm()
    {
        lock (_listener)
        {
            var armed = _armed;
            _armed = null;
            return armed;
        }
    }
}
