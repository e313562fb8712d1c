using System.Text;
using Grains.Interfaces.Model.Files;

namespace Grains.Programs;

/// <summary>
/// Reads a file of lines while somebody appends to it. A line counts when its end is there. Only as much is read as is asked for.
/// </summary>
internal sealed class MetricsFile(string path)
{
    public const int LongestLine = 1 << 20;

    private const int Piece = 64 << 10;
    private const string Appended = "The program must only append to $SWEEP_METRICS: open it in mode 'a'.";

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] _buffer = new byte[Piece];
    private int _start, _end;
    private long _position;
    private FileIdentity? _identity;
    private string? _peeked;

    /// <summary>The next line that is not blank, without its end; null when there is none yet.</summary>
    /// <param name="finished">Whether nobody writes any more, so that the last line needs no end.</param>
    /// <exception cref="MetricsMistakeException">The file is gone, was written anew, or has a line that is no text or too long.</exception>
    public string? Next(bool finished)
    {
        if (_peeked is { } peeked)
        {
            _peeked = null;
            return peeked;
        }
        int scanned = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf((byte)'\n');
            if (length >= 0)
            {
                length += scanned;
                string line = Text(length);
                (_start, scanned) = (_start + length + 1, 0);
                if (line.Length > 0) return line;
                continue;
            }
            scanned = _end - _start;
            if (scanned > LongestLine)
                throw new MetricsMistakeException($"A line of $SWEEP_METRICS is longer than {LongestLine} bytes. Report numbers only.");
            if (ReadMore()) continue;
            if (!finished) return null;
            string rest = Text(scanned);
            _start = _end;
            return rest.Length > 0 ? rest : null;
        }
    }

    /// <summary>Whether the next line is there already.</summary>
    public bool HasMore => (_peeked ??= Next(finished: false)) is not null;

    private bool ReadMore()
    {
        var look = FileLook.At(path);
        if (look.Kind != FileKind.Regular) throw new MetricsMistakeException($"The file of $SWEEP_METRICS {look.Words}. {Appended}");
        if ((_identity ??= look.Identity) != look.Identity)
            throw new MetricsMistakeException($"The file of $SWEEP_METRICS was replaced by another one. {Appended}");
        if (look.Size < _position)
        {
            throw new MetricsMistakeException(
                $"The file of $SWEEP_METRICS became shorter, from {_position} to {look.Size} bytes. {Appended}");
        }
        if (look.Size == _position) return false;
        MakeRoom();
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int read = RandomAccess.Read(file, _buffer.AsSpan(_end), _position);
        _position += read;
        _end += read;
        return read > 0;
    }

    private void MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_buffer.Length - _end < Piece) Array.Resize(ref _buffer, 2 * _buffer.Length);
    }

    private string Text(int length)
    {
        try
        {
            // A byte order mark can only stand at the file's beginning, and is no part of a line anywhere.
            return s_utf8.GetString(_buffer, _start, length).Trim('\uFEFF').Trim();
        }
        catch (DecoderFallbackException)
        {
            throw new MetricsMistakeException("A line of $SWEEP_METRICS is not UTF-8. Write it in UTF-8.");
        }
    }
}
