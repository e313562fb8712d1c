namespace Client.LocalCluster;

/// <summary>Reads logs that others write to.</summary>
internal static class LogFiles
{
    /// <summary>Returns the log files by name, or none where no cluster has run.</summary>
    public static string[] All(SweepHome home) =>
        Directory.Exists(home.Logs) ? [.. Directory.GetFiles(home.Logs, "*.log").Order(StringComparer.Ordinal)] : [];

    public static IReadOnlyList<string> Tail(string path, int lines)
    {
        using var reader = Open(path);
        var last = new Queue<string>();
        while (reader.ReadLine() is { } line)
        {
            last.Enqueue(line);
            if (last.Count > lines) last.Dequeue();
        }
        return [.. last];
    }

    public static StreamReader Open(string path) =>
        new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
}
