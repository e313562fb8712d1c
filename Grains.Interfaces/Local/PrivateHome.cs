using System.IO.Enumeration;
using System.Runtime.Versioning;

namespace Grains.Interfaces.Local;

/// <summary>
/// Keeps a home to its owner. The folder has mode 0700, its entries 0600 and 0700, and a home of another owner is refused.
/// </summary>
public static class PrivateHome
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = (UnixFileMode)0x3F, Anybody = (UnixFileMode)0x1B6;
    private const int OthersMask = 0x3F;
    private const string FileSystemsOwn = "lost+found";

    private static readonly string[] s_files = ["cluster.json", "membership.db", "journal.db", "spans.db"];
    private static readonly string[] s_folders = ["logs", "run", "checkpoints"];

    private static int? s_usersMask;

    /// <summary>
    /// From here on this process makes files and folders for its user alone. Every program calls it before anything else.
    /// </summary>
    public static void KeepToOwner()
    {
        int before = Libc.SetMask(OthersMask);
        s_usersMask ??= before;
    }

    /// <summary>Gives a file that a user asked for the mode that the user's other files have.</summary>
    public static void HandOver(string file)
    {
        if (s_usersMask is { } mask && !OperatingSystem.IsWindows()) File.SetUnixFileMode(file, Anybody & ~(UnixFileMode)mask);
    }

    /// <summary>
    /// The mistake in the name of a home, with the remedy; null when there is none. Names go into logs, messages and terminals.
    /// </summary>
    public static string? Misnamed(string home) =>
        home.Any(char.IsControl)
            ? $"'{string.Concat(home.Select(c => char.IsControl(c) ? '?' : c))}' has a line break or another control character in it. " +
              "Use a folder without"
        : home.Contains('\uFFFD', StringComparison.Ordinal) ? $"'{home}' has bytes in it that are not UTF-8. Use a folder whose name is"
        : null;

    /// <summary>
    /// The reason why this user may not use the home, with the remedy; null when it is the user's own, or does not exist.
    /// </summary>
    public static string? Refusal(string home) =>
        Libc.Describe(home) is { } found && found.Owner != Libc.EffectiveUser
            ? $"{home} belongs to user {found.Owner}, and this is user {Libc.EffectiveUser}: a cluster serves nobody but its owner. " +
              "Use a folder of your own, or act as its owner"
            : null;

    /// <summary>Makes the home where there is none. Shuts it, with all that it holds, to everybody but its owner.</summary>
    /// <param name="whole">True looks at every file; false only where the folder stood open.</param>
    /// <exception cref="HomeRefusedException">The folder is not this user's, is no home, or cannot be shut.</exception>
    public static void Claim(string home, bool whole)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(home);
            return;
        }
        bool existed = Directory.Exists(home);
        Directory.CreateDirectory(home, OwnersFolder);
        if (Refusal(home) is { } refusal) throw new HomeRefusedException($"{refusal}.");
        bool open = (File.GetUnixFileMode(home) & Others) != 0;
        if (open) Shut(home, existed);
        if (open || whole) ShutEverythingIn(home);
    }

    [UnsupportedOSPlatform("windows")]
    private static void Shut(string home, bool existed)
    {
        if (existed && IsOfOthers(home))
        {
            throw new HomeRefusedException($"{home} has other things in it, and a home is shut to everybody but its owner. " +
                $"Give it a folder of its own, such as {Path.Combine(home, "sweep")}.");
        }
        File.SetUnixFileMode(home, OwnersFolder);
        if ((File.GetUnixFileMode(home) & Others) != 0)
            throw new HomeRefusedException(
                $"{home} stays open to other users: its file system keeps no modes. Use a folder on another one.");
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsOfOthers(string home)
    {
        var names = Directory.EnumerateFileSystemEntries(home).Select(e => Path.GetFileName(e)!).Where(n => n != FileSystemsOwn).ToList();
        int ours = names.Count(n => s_folders.Contains(n) || IsOurFile(n));
        // Where everybody may write, as in /tmp, one name of ours is no sign of a home.
        bool shared = (File.GetUnixFileMode(home) & UnixFileMode.StickyBit) != 0;
        return names.Count > 0 && (shared ? ours < names.Count : ours == 0);
    }

    private static bool IsOurFile(string name) =>
        s_files.Any(f => name.StartsWith(f, StringComparison.Ordinal) && (name.Length == f.Length || name[f.Length] is '-' or '.'));

    /// <summary>Shuts only what a home consists of, because somebody may keep other things beside it. It does not follow links.</summary>
    [UnsupportedOSPlatform("windows")]
    private static void ShutEverythingIn(string home)
    {
        foreach (string file in Directory.EnumerateFiles(home))
            if (IsOurFile(Path.GetFileName(file))) Set(file, OwnersFile);
        foreach (string folder in s_folders.Select(f => Path.Combine(home, f)).Where(IsRealFolder))
        {
            Set(folder, OwnersFolder);
            var entries = new FileSystemEnumerable<(string Path, bool IsFolder)>(folder,
                (ref FileSystemEntry e) => (e.ToFullPath(), e.IsDirectory),
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            {
                ShouldIncludePredicate = (ref FileSystemEntry e) => !e.Attributes.HasFlag(FileAttributes.ReparsePoint),
                ShouldRecursePredicate = (ref FileSystemEntry e) => !e.Attributes.HasFlag(FileAttributes.ReparsePoint),
            };
            foreach (var (path, isFolder) in entries) Set(path, isFolder ? OwnersFolder : OwnersFile);
        }
    }

    private static bool IsRealFolder(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };

    [UnsupportedOSPlatform("windows")]
    private static void Set(string path, UnixFileMode mode)
    {
        try
        {
            if ((File.GetUnixFileMode(path) & Others) != 0) File.SetUnixFileMode(path, mode);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // A database's own files come and go.
        }
        catch (UnauthorizedAccessException)
        {
            throw new HomeRefusedException($"{path} stands open to others and belongs to another user. " +
                "Give it to the home's owner (chown), or move it away.");
        }
    }
}

/// <summary>A folder cannot be this user's home; the message says why, and what to do.</summary>
public sealed class HomeRefusedException(string message) : Exception(message);
