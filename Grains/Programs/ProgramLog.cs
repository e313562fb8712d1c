using System.Text;

namespace Grains.Programs;

/// <summary>
/// Copies what a program prints to the end of a file, within bounds, and has its last lines at hand. However much the program prints, it
/// is taken from it.
/// </summary>
internal sealed class ProgramLog : IDisposable
{
    /// <summary>The bytes of one run that are kept in the file.</summary>
    public const int MostOfRun = 1 << 20;

    /// <summary>The size from which the file is begun anew.</summary>
    public const int MostOfFile = 16 << 20;

    private const int LinesShown = 5, LongestLine = 200, Remembered = 16 << 10, Piece = 64 << 10;

    private readonly string _path;
    private readonly Lock _lock = new();
    private readonly byte[] _last = new byte[Remembered];
    private FileStream? _file;
    private int _lastLength;

    /// <param name="header">The line that begins this run.</param>
    public ProgramLog(string path, string header)
    {
        _path = path;
        Write(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var mode = File.Exists(path) && new FileInfo(path).Length < MostOfFile ? FileMode.Append : FileMode.Create;
            _file = new FileStream(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        });
        Say($"== {header}\n");
    }

    /// <summary>Copies until the program's output ends.</summary>
    public void Copy(Stream output)
    {
        byte[] buffer = new byte[Piece];
        long total = 0;
        byte last = (byte)'\n';
        for (int read; (read = output.Read(buffer)) > 0; total += read)
        {
            Remember(buffer.AsSpan(0, read));
            int kept = (int)Math.Clamp(MostOfRun - total, 0, read);
            if (kept > 0) Write(() => _file?.Write(buffer, 0, kept));
            if (kept < read && total <= MostOfRun) Say($"\n== The rest of this run's output is dropped: {MostOfRun} bytes are kept.\n");
            last = buffer[read - 1];
        }
        if (last != (byte)'\n' && total <= MostOfRun) Say("\n");
        Dispose();
    }

    public void Dispose() => Write(() => _file?.Dispose());

    /// <summary>The last lines that are not blank, the oldest first. A progress bar's line is what was last drawn of it.</summary>
    public IReadOnlyList<string> LastLines()
    {
        string text;
        lock (_lock) text = Encoding.UTF8.GetString(_last, 0, _lastLength);
        var lines = text.Split('\n').Select(l => l.TrimEnd('\r')).Select(l => l[(l.LastIndexOf('\r') + 1)..]);
        return [.. lines.Where(l => !string.IsNullOrWhiteSpace(l)).TakeLast(LinesShown).Select(Shown)];
    }

    /// <summary>The last lines and the log's path, as the end of a message.</summary>
    public string Quoted()
    {
        var lines = LastLines();
        return lines.Count == 0 ? $"It printed nothing ({_path})."
            : $"Its last lines ({_path}):{string.Concat(lines.Select(l => $"\n  {l}"))}";
    }

    private static string Shown(string line)
    {
        string plain = string.Concat(line.Select(c => c == '\t' ? ' ' : char.IsControl(c) ? '?' : c));
        return plain.Length <= LongestLine ? plain : plain[..LongestLine] + "…";
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (bytes.Length > Remembered) bytes = bytes[^Remembered..];
            int stay = Math.Min(_lastLength, Remembered - bytes.Length);
            _last.AsSpan(_lastLength - stay, stay).CopyTo(_last);
            bytes.CopyTo(_last.AsSpan(stay));
            _lastLength = stay + bytes.Length;
        }
    }

    private void Say(string text) => Write(() => _file?.Write(Encoding.UTF8.GetBytes(text)));

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // A full disk costs the log and not the training. Messages still quote the last lines.
            _file?.Dispose();
            _file = null;
        }
    }
}
