using Grains.Interfaces.Model.Specs;

namespace Client.Commands;

/// <summary>The text of a sweep file as it is handed on to the cluster.</summary>
/// <param name="Folder">Absolute: what relative paths in the text are relative to.</param>
internal sealed record SpecFile(string Text, string Folder, string FileName)
{
    private const int MostBytes = 64 << 20;

    /// <exception cref="CommandException">It cannot be read.</exception>
    public static SpecFile Read(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            return new SpecFile(SweepFileText.Decode(Bytes(full)), Path.GetDirectoryName(full)!, Path.GetFileName(full));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CommandException.BadInput($"{path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads a pipe too, but refuses an input that never ends.</summary>
    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
        using var content = new MemoryStream();
        var piece = new byte[1 << 16];
        for (int read; (read = file.Read(piece)) > 0;)
        {
            content.Write(piece, 0, read);
            if (content.Length > MostBytes) throw new IOException($"it has more than {MostBytes >> 20} MiB, which no sweep file has.");
        }
        return content.ToArray();
    }
}
