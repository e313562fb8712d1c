namespace Client.Commands;

/// <summary>A sweep file as it is handed on.</summary>
/// <param name="Folder">Absolute: what relative paths in the text are relative to.</param>
internal sealed record SpecFile(string Text, string Folder, string FileName)
{
    /// <exception cref="CommandException">It cannot be read.</exception>
    public static SpecFile Read(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            return new SpecFile(File.ReadAllText(full), Path.GetDirectoryName(full)!, Path.GetFileName(full));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CommandException.BadInput($"{path} cannot be read: {e.Message}");
        }
    }
}
