namespace Grains.Interfaces.Model.Files;

/// <summary>The kind of a path, asked without opening it. Opening a FIFO waits for ever, and a device may never end.</summary>
public enum FileKind
{
    /// <summary>There is nothing at the path, or a link that leads nowhere.</summary>
    Missing,
    Regular,
    Folder,
    /// <summary>A FIFO, a socket or a device.</summary>
    Special,
    /// <summary>The kind cannot be told, mostly for want of rights on a folder above.</summary>
    Hidden,
}

/// <summary>Tells a path's <see cref="FileKind"/>.</summary>
public static class FileKinds
{
    /// <summary>Tells the kind, and follows links.</summary>
    public static FileKind Of(string path) => FileLook.At(path).Kind;
}
