namespace Grains.Programs;

/// <summary>The folder in which the runs of one silo have their folders.</summary>
public static class ProgramScratch
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Deletes what a silo that was killed has left there, as far as that is possible. Call it before the silo's first run.
    /// </summary>
    public static void Clear(string scratch)
    {
        if (!Directory.Exists(scratch)) return;
        foreach (string folder in Directory.GetDirectories(scratch)) TryDelete(folder);
    }

    internal static void TryDelete(string folder)
    {
        try
        {
            Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be deleted, such as the files of another user, costs room and no training.
        }
    }

    private static void Delete(string folder)
    {
        if (!Directory.Exists(folder)) return;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (UnauthorizedAccessException) when (!OperatingSystem.IsWindows())
        {
            // A program may make folders that even their owner may not change.
            var open = new Stack<string>([folder]);
            while (open.TryPop(out string? next))
            {
                File.SetUnixFileMode(next, Owner);
                foreach (var below in new DirectoryInfo(next).EnumerateDirectories().Where(d => d.LinkTarget is null))
                    open.Push(below.FullName);
            }
            Directory.Delete(folder, recursive: true);
        }
    }
}
