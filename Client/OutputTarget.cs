using Grains.Interfaces.Local;
using Grains.Interfaces.Model.Files;
using Microsoft.Win32.SafeHandles;

namespace Client;

/// <summary>
/// The file to which a verb writes, checked before anything else is done. A regular file appears whole, by a rename, and a link keeps
/// leading where it led. Anything else (a FIFO, /dev/stdout, /dev/null) is written into, and never replaced.
/// </summary>
internal sealed class OutputTarget : IDisposable
{
    private const string Descriptors = "/proc/self/fd/";

    private readonly string _option;
    private readonly string? _temporary;
    private readonly string _file;

    private OutputTarget(string option, string path, string file, string? temporary)
    {
        (_option, Path, _file, _temporary) = (option, path, file, temporary);
    }

    /// <summary>The path as it was given, made absolute.</summary>
    public string Path { get; }

    /// <summary>True when what is written cannot be taken back. Standard output may then be the target itself.</summary>
    public bool IsStream => _temporary is null;

    /// <param name="option">For messages: "-o".</param>
    /// <exception cref="CommandException">Nothing can be written there; the message says why.</exception>
    public static OutputTarget Open(string option, string text)
    {
        string path = System.IO.Path.GetFullPath(text);
        try
        {
            string file = FinalTarget(path);
            if (file.StartsWith(Descriptors, StringComparison.Ordinal)) return new OutputTarget(option, path, file, null);
            var look = FileLook.At(path);
            switch (look.Kind)
            {
                case FileKind.Folder: throw Refuse(option, path, "it is a folder. Give the name of a file in it");
                case FileKind.Special when look.IsStream: return new OutputTarget(option, path, path, null);
                case FileKind.Special: throw Refuse(option, path, $"it {look.Words}. Give a file, or a FIFO");
                case FileKind.Hidden: throw Refuse(option, path, $"it {look.Words}");
                case FileKind.Regular:
                    File.OpenHandle(file, FileMode.Open, FileAccess.Write,
                    FileShare.ReadWrite | FileShare.Delete).Dispose(); break;
            }
            string folder = System.IO.Path.GetDirectoryName(file)
                ?? throw Refuse(option, path, "it is a folder. Give the name of a file in it");
            if (System.IO.Path.EndsInDirectorySeparator(file))
                throw Refuse(option, path, "it ends like a folder. Give the name of a file in it");
            switch (FileKinds.Of(folder))
            {
                case FileKind.Missing: throw Refuse(option, path, $"there is no folder {folder}. Make it first, or give another path");
                case FileKind.Folder or FileKind.Hidden: break;
                default: throw Refuse(option, path, $"{folder} is no folder. Give another path");
            }
            string temporary = System.IO.Path.Combine(folder, $".sweep-{Environment.ProcessId}.part");
            File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, FileShare.None).Dispose();
            return new OutputTarget(option, path, file, temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse(option, path, e.Message.TrimEnd('.'));
        }
    }

    /// <param name="fill">Writes it all into an empty file.</param>
    /// <exception cref="CommandException">It could not be written.</exception>
    public async Task<long> Write(Func<Stream, Task> fill, CancellationToken cancellationToken)
    {
        try
        {
            if (_temporary is null) return await WriteStream(fill, cancellationToken);
            long bytes;
            await using (var file = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await fill(file);
                file.Flush(flushToDisk: true);
                bytes = file.Length;
            }
            if (!File.Exists(_file)) PrivateHome.HandOver(_temporary);
            else if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_temporary, File.GetUnixFileMode(_file));
            File.Move(_temporary, _file, overwrite: true);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refuse(_option, Path, e.Message.TrimEnd('.'));
        }
    }

    public void Dispose()
    {
        if (_temporary is not null) File.Delete(_temporary);
    }

    private async Task<long> WriteStream(Func<Stream, Task> fill, CancellationToken cancellationToken)
    {
        // The content is made whole first, because what has gone into a stream cannot be taken back.
        string buffer = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"sweep-{Guid.NewGuid():N}.part");
        await using var whole = new FileStream(buffer, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
            FileOptions.DeleteOnClose);
        await fill(whole);
        whole.Position = 0;
        // Opening a FIFO waits for its reader. It happens off this thread, so that Ctrl-C ends the waiting.
        await using var stream = await Task.Run(OpenStream, cancellationToken).WaitAsync(cancellationToken);
        await whole.CopyToAsync(stream, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        return whole.Length;
    }

    /// <summary>Our own descriptors are written at the place where they stand, so that other output there stays in order.</summary>
    private Stream OpenStream()
    {
        if (!_file.StartsWith(Descriptors, StringComparison.Ordinal))
            return new FileStream(_file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        return int.Parse(_file.AsSpan(Descriptors.Length)) switch
        {
            1 => Console.OpenStandardOutput(),
            2 => Console.OpenStandardError(),
            var number => new FileStream(new SafeFileHandle(number, ownsHandle: false), FileAccess.Write, 0),
        };
    }

    /// <summary>Returns what the links at the path lead to in the end. One of our descriptors is an end, whatever is behind it.</summary>
    private static string FinalTarget(string path)
    {
        string at = path;
        for (int links = 0; links < 40; links++)
        {
            if (Descriptor(at) is { } own) return own;
            if (new FileInfo(at).LinkTarget is not { } target) return at;
            at = System.IO.Path.GetFullPath(target, System.IO.Path.GetDirectoryName(at)!);
        }
        throw new IOException("its links lead in a circle");
    }

    private static string? Descriptor(string path)
    {
        foreach (string folder in (string[])["/dev/fd/", Descriptors, $"/proc/{Environment.ProcessId}/fd/"])
            if (path.StartsWith(folder, StringComparison.Ordinal) && int.TryParse(path.AsSpan(folder.Length), out int number))
                return $"{Descriptors}{number}";
        return null;
    }

    private static CommandException Refuse(string option, string path, string why) =>
        CommandException.BadInput($"{option}: {path} cannot be written: {why}.");
}
