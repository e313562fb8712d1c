namespace Tests.Unit.Data;

/// <summary>Finds real data sets that lie beside the clone, in a folder named shared, and are not part of it.</summary>
internal static class SharedData
{
    /// <summary>Returns the folder or file, and skips the test where it is absent.</summary>
    public static string OrSkip(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", name);
            if (Path.Exists(path)) return path;
        }
        Assert.Skip($"needs shared/data/{name} in a folder above the tests");
        return name;
    }
}
