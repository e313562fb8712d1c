using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Grains.Interfaces.Local;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Tests.Unit.Local;

/// <summary>Connects over sockets in a home.</summary>
public sealed class LocalSocketsTests : IAsyncDisposable
{
    private static readonly IPEndPoint s_address = new(IPAddress.Loopback, 20_001);

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-sockets-").FullName;
    private readonly SocketFolder _sockets;
    private readonly List<IConnectionListener> _listeners = [];

    // No socket's own path may be this long.
    public LocalSocketsTests() => _sockets = SocketFolder.Of(Path.Combine(_folder, new string('x', 200), "; = ' \" % é"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BytesArriveWholeAndInOrderInBothDirections()
    {
        var (client, server) = await Connect();
        byte[] bytes = new byte[5_000_000];
        new Random(1).NextBytes(bytes);
        var echo = Echo(server);
        var sending = client.Transport.Output.WriteAsync(bytes, Token).AsTask();
        byte[] received = await Read(client.Transport.Input, bytes.Length);
        await sending;
        Assert.Equal(bytes, received);
        await client.Transport.Output.CompleteAsync();
        await echo;
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task OneEndLearnsThatTheOtherHasGone()
    {
        var (client, server) = await Connect();
        var gone = new TaskCompletionSource();
        using var registration = server.ConnectionClosed.Register(gone.SetResult);
        client.Abort(new ConnectionAbortedException("test"));
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.True((await server.Transport.Input.ReadAsync(Token)).IsCompleted);
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task SocketThatAKilledSiloLeftBehindIsReplaced()
    {
        Directory.CreateDirectory(_sockets.Path);
        await File.WriteAllTextAsync(_sockets.FileOf(s_address.Port), "", Token);
        await File.WriteAllTextAsync(_sockets.LockOf(s_address.Port), "", Token);
        var (client, server) = await Connect();
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task AddressThatIsServedIsNotTakenAway()
    {
        _listeners.Add(await Factory(TimeProvider.System).BindAsync(s_address, Token));
        var clock = new LeapingClock();
        var refused = await Assert.ThrowsAsync<AddressInUseException>(async () => await Factory(clock).BindAsync(s_address, Token));
        Assert.Contains(_sockets.FileOf(s_address.Port), refused.Message, StringComparison.Ordinal);
        await using var client = await new LocalConnectionFactory(_sockets).ConnectAsync(s_address, Token);
    }

    [Fact]
    public async Task AddressThatNobodyServesAndAnotherHostsAreErrors()
    {
        await Assert.ThrowsAsync<ConnectionResetException>(async () => await new LocalConnectionFactory(_sockets)
            .ConnectAsync(s_address, Token));
        var elsewhere = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await new LocalConnectionFactory(_sockets)
            .ConnectAsync(elsewhere, Token));
    }

    [Fact]
    public async Task PeerOfAConnectionIsThisProcessAndItsUser()
    {
        _listeners.Add(await Factory(TimeProvider.System).BindAsync(s_address, Token));
        using var socket = await _sockets.Connect(s_address.Port, Token);
        Assert.Equal((Environment.ProcessId, true), Peer.Of(socket) is { } peer ? (peer.Process, peer.IsOwner) : default);
    }

    [Fact]
    public void EachRefusalIsLoggedOnceUntilThereAreTooManyOfThem()
    {
        var clock = new LeapingClock();
        var refusals = new Refusals(clock);
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(0, refusals.ToLog()));
        Assert.All(Enumerable.Range(0, 7), _ => Assert.Null(refusals.ToLog()));
        clock.Leap(TimeSpan.FromMinutes(1));
        Assert.Equal(7, refusals.ToLog());
        Assert.Equal(0, refusals.ToLog());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners) await listener.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private LocalConnectionListenerFactory Factory(TimeProvider clock) =>
        new(_sockets, clock, NullLogger<LocalConnectionListenerFactory>.Instance);

    private async Task<(ConnectionContext Client, ConnectionContext Server)> Connect()
    {
        var listener = await Factory(TimeProvider.System).BindAsync(s_address, Token);
        _listeners.Add(listener);
        var client = await new LocalConnectionFactory(_sockets).ConnectAsync(s_address, Token);
        return (client, (await listener.AcceptAsync(Token))!);
    }

    private static async Task Echo(ConnectionContext connection)
    {
        while (await connection.Transport.Input.ReadAsync(Token) is { } read && !(read.IsCompleted && read.Buffer.IsEmpty))
        {
            foreach (var part in read.Buffer) await connection.Transport.Output.WriteAsync(part, Token);
            connection.Transport.Input.AdvanceTo(read.Buffer.End);
        }
    }

    private static async Task<byte[]> Read(PipeReader input, int count)
    {
        var read = await input.ReadAtLeastAsync(count, Token);
        byte[] bytes = read.Buffer.Slice(0, count).ToArray();
        input.AdvanceTo(read.Buffer.GetPosition(count));
        return bytes;
    }

    /// <summary>Shows a clock whose timers ring at once and move it on.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Leap(TimeSpan by) => _now += by;

        public override long GetTimestamp() => _now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _now += dueTime > TimeSpan.Zero ? dueTime : TimeSpan.Zero;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
