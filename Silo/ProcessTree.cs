using System.Globalization;
using System.Text;

namespace Silo;

/// <summary>The processes below this one, as the kernel tells them just now. They come and go while somebody reads.</summary>
internal static class ProcessTree
{
    private const string Children = "children";

    /// <summary>The bytes of a file that are read. Of very many children, those that come later are found once the first are gone.</summary>
    private const int Most = 16 << 10;

    // The list of children is an option of the kernel.
    private static readonly bool s_hasChildren =
        File.Exists($"/proc/{Environment.ProcessId}/task/{Environment.ProcessId}/{Children}");

    /// <summary>The processes that this one started, and all that those started. Parents come first.</summary>
    public static List<int> Below()
    {
        var found = new List<int>();
        var seen = new HashSet<int>();
        var parents = s_hasChildren ? null : Parents();
        AddChildren(Environment.ProcessId);
        for (int i = 0; i < found.Count; i++) AddChildren(found[i]);
        return found;

        void AddChildren(int process)
        {
            if (parents is not null)
            {
                foreach (var (child, parent) in parents)
                    if (parent == process && seen.Add(child)) found.Add(child);
                return;
            }
            foreach (string thread in Folders($"/proc/{process}/task"))
            {
                string children = Text($"{thread}/{Children}");
                // Each number has a space behind it, and one without was cut.
                foreach (string child in children[..(children.LastIndexOf(' ') + 1)].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    if (TryNumber(child, out int pid) && seen.Add(pid)) found.Add(pid);
            }
        }
    }

    /// <summary>Whether a process is below this one at the moment.</summary>
    public static bool IsBelow(int process)
    {
        for (int? above = ParentOf(process); above > 0; above = ParentOf(above.Value))
            if (above == Environment.ProcessId) return true;
        return false;
    }

    /// <summary>
    /// The resident memory of all processes below, in bytes. Only where the sum is above the limit, pages that several of them share are
    /// counted once, which takes the kernel longer.
    /// </summary>
    public static long Memory(long limit)
    {
        var processes = Below();
        long sum = 0;
        foreach (int process in processes) sum += Resident(process);
        if (sum <= limit) return sum;
        sum = 0;
        foreach (int process in processes) sum += Proportional(process) ?? Resident(process);
        return sum;
    }

    private static long Resident(int process) =>
        Text($"/proc/{process}/statm").Split(' ') is [_, var pages, ..] && TryNumber(pages, out int count)
            ? (long)count * Environment.SystemPageSize : 0;

    private static long? Proportional(int process)
    {
        const string Name = "\nPss:";
        string text = Text($"/proc/{process}/smaps_rollup");
        int at = text.IndexOf(Name, StringComparison.Ordinal);
        if (at < 0) return null;
        var rest = text.AsSpan(at + Name.Length).TrimStart();
        return long.TryParse(rest[..rest.IndexOf(' ')], CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes * 1024 : null;
    }

    private static List<(int Child, int Parent)> Parents()
    {
        var pairs = new List<(int, int)>();
        foreach (string folder in Folders("/proc"))
        {
            if (!TryNumber(Path.GetFileName(folder), out int child)) continue;
            if (ParentOf(child) is { } parent) pairs.Add((child, parent));
        }
        return pairs;
    }

    private static int? ParentOf(int process)
    {
        string stat = Text($"/proc/{process}/stat");
        // The name of the command may have spaces and parentheses in it.
        int end = stat.LastIndexOf(')');
        return end > 0 && stat[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var parent, ..]
            && TryNumber(parent, out int above) ? above : null;
    }

    private static bool TryNumber(string text, out int number) => int.TryParse(text, CultureInfo.InvariantCulture, out number);

    private static string[] Folders(string path)
    {
        try
        {
            return Directory.GetDirectories(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // The process has ended meanwhile.
        }
    }

    /// <summary>The text of a file of the kernel's; nothing when its process has ended meanwhile.</summary>
    private static string Text(string path)
    {
        int file = Posix.Open(path, Posix.CloseOnExec);
        if (file < 0) return "";
        Span<byte> bytes = stackalloc byte[Most];
        int length = 0;
        while (length < Most && Posix.Read(file, bytes[length..]) is > 0 and var read) length += read;
        _ = Posix.Close(file);
        return Encoding.ASCII.GetString(bytes[..length]);
    }
}
