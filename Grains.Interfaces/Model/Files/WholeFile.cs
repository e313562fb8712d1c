namespace Grains.Interfaces.Model.Files;

/// <summary>
/// Reads files that a person names. Nothing but a regular file is opened, and whatever goes wrong is a <see cref="SpecException"/> that
/// names the file, the reason and the remedy.
/// </summary>
public static class WholeFile
{
    /// <param name="subject">The words before the path in a message: "data.train: ", or nothing.</param>
    /// <param name="remedy">The remedy when there is no readable file.</param>
    /// <param name="most">The largest size that is read, in bytes.</param>
    /// <param name="read">Reads the open file; an <see cref="IOException"/> in it becomes a message.</param>
    /// <exception cref="SpecException">The file is missing, special, unreadable or too large.</exception>
    public static T Read<T>(string subject, string path, string remedy, long most, Func<FileStream, T> read)
    {
        var look = FileLook.At(path);
        if (look.Kind != FileKind.Regular) throw new SpecException($"{subject}{path} {Why(path, look)}. {remedy}");
        if (look.Size > most)
            throw new SpecException($"{subject}{path} has {look.Size} bytes, more than the {most} that are read. {remedy}");
        try
        {
            using var file = File.OpenRead(path);
            return read(file);
        }
        catch (UnauthorizedAccessException)
        {
            throw new SpecException($"{subject}{path} cannot be read: permission denied. {remedy}");
        }
        catch (IOException e)
        {
            throw new SpecException($"{subject}{path} cannot be read: {e.Message.TrimEnd('.')}. {remedy}");
        }
    }

    /// <summary>Reads all bytes of the file, as many as it had when it was opened.</summary>
    /// <exception cref="SpecException">As <see cref="Read{T}"/>.</exception>
    public static byte[] Bytes(string subject, string path, string remedy, long most, CancellationToken cancellation)
    {
        const int Piece = 1 << 22;
        return Read(subject, path, remedy, most, file =>
        {
            var bytes = new byte[file.Length];
            for (int at = 0, got; at < bytes.Length; at += got)
            {
                cancellation.ThrowIfCancellationRequested();
                got = file.Read(bytes, at, Math.Min(Piece, bytes.Length - at));
                if (got == 0) throw new EndOfStreamException("it became shorter while it was read");
            }
            return bytes;
        });
    }

    /// <summary>The reason why there is no file to read, as the end of a sentence about the path.</summary>
    public static string Why(string path, FileLook look)
    {
        if (look.Kind != FileKind.Missing || !FileLook.At(path, follow: false).IsLink) return look.Words;
        string? target = new FileInfo(path).LinkTarget;
        return look.Words.Contains("circle", StringComparison.Ordinal) ? look.Words : $"is a link to {target}, which is not there";
    }
}
