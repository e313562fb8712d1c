using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Grains.Interfaces.Local;

/// <summary>
/// A connection over a socket. Two pipes stand between it and Orleans, so that neither side waits for each call of the kernel.
/// </summary>
internal sealed class LocalConnection : DefaultConnectionContext
{
    private const int Block = 16 * 1024, Buffered = 1024 * 1024;

    private static long s_connections;

    private readonly Socket _socket;
    private readonly IDuplexPipe _wire;
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _receiving, _sending;

    public LocalConnection(Socket socket, EndPoint local, EndPoint remote)
        : base($"local-{Interlocked.Increment(ref s_connections)}")
    {
        _socket = socket;
        (LocalEndPoint, RemoteEndPoint, ConnectionClosed) = (local, remote, _closed.Token);
        var (incoming, outgoing) = (NewPipe(), NewPipe());
        Transport = new Duplex(incoming.Reader, outgoing.Writer);
        _wire = Application = new Duplex(outgoing.Reader, incoming.Writer);
        _receiving = Receive(_wire.Output);
        _sending = Send(_wire.Input);
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        Close();
        _wire.Input.CancelPendingRead();
    }

    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        await _sending;
        await _receiving;
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task Receive(PipeWriter input)
    {
        await Task.Yield();
        Exception? failure = null;
        try
        {
            while (await _socket.ReceiveAsync(input.GetMemory(Block), SocketFlags.None) is > 0 and var received)
            {
                input.Advance(received);
                if (await input.FlushAsync() is { IsCompleted: true } or { IsCanceled: true }) break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            failure = new ConnectionResetException(e.Message, e);
        }
        await input.CompleteAsync(failure);
        await _closed.CancelAsync();
    }

    private async Task Send(PipeReader output)
    {
        await Task.Yield();
        Exception? failure = null;
        try
        {
            while (await output.ReadAsync() is { IsCanceled: false } read)
            {
                if (read.Buffer.IsSingleSegment) await SendAll(read.Buffer.First);
                else await _socket.SendAsync(Segments(read.Buffer), SocketFlags.None);
                output.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            failure = new ConnectionResetException(e.Message, e);
        }
        Close();
        await output.CompleteAsync(failure);
        // The receiver may stand before a reader that is gone.
        _wire.Output.CancelPendingFlush();
    }

    private async ValueTask SendAll(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
    }

    private static List<ArraySegment<byte>> Segments(ReadOnlySequence<byte> bytes)
    {
        var segments = new List<ArraySegment<byte>>();
        foreach (var memory in bytes)
            if (MemoryMarshal.TryGetArray(memory, out var segment) && segment.Count > 0) segments.Add(segment);
        return segments;
    }

    private void Close()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other end closed it first.
        }
        _socket.Dispose();
    }

    private static Pipe NewPipe() => new(new PipeOptions(
        pauseWriterThreshold: Buffered, resumeWriterThreshold: Buffered / 2, minimumSegmentSize: Block, useSynchronizationContext: false));

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
