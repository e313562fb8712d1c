namespace Benchmarks;

internal static class Repository
{
    /// <summary>Finds the folder with Cluster.sln above the running program.</summary>
    public static string Root { get; } = Find();

    public static void Write(string path, string text)
    {
        string file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        Console.Error.WriteLine($"written: {path}");
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cluster.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("Cluster.sln was not found above the program. Run it from a checkout.");
    }
}
