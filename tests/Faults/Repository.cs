using System.Reflection;

namespace Tests.Faults;

/// <summary>Finds the things under test.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, Metadata("Repository")));

    /// <summary>Returns the `sweep` of this build's configuration.</summary>
    public static string Sweep { get; } = Path.Combine(Root, Metadata("SweepPath"));

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
