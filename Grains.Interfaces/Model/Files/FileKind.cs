namespace Grains.Interfaces.Model.Files;

/// <summary>What stands at a path, asked without opening it: opening a FIFO waits for ever, and a device may never end.</summary>
public enum FileKind
{
    /// <summary>Nothing, or a link that leads nowhere.</summary>
    Missing,
    Regular,
    Folder,
    /// <summary>A FIFO, a socket or a device.</summary>
    Special,
    /// <summary>It cannot be told, mostly for want of rights on a folder above.</summary>
    Hidden,
}

/// <summary>Tells a path's <see cref="FileKind"/>.</summary>
public static class FileKinds
{
    /// <summary>Follows links.</summary>
    public static FileKind Of(string path) => FileLook.At(path).Kind;
}
