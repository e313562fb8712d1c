using System.Diagnostics;
using System.Globalization;

namespace Tests.Faults.Cases;

/// <summary>Finds the small inputs that failed in real use. They lie beside the repository and are no part of it.</summary>
internal static class SharedCases
{
    /// <summary>The folder of the cases, which need not be there.</summary>
    internal static string Folder => Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "cases"));

    /// <summary>
    /// Copies a case and `base` into a folder of the test's own and runs the copy's make.sh, if it has one. Returns the copy's path, and
    /// skips the test where the cases are not.
    /// </summary>
    public static string Copy(int number, string into)
    {
        Assert.SkipUnless(Directory.Exists(Folder), $"The shared cases are not at {Folder}.");
        string found = Directory.GetDirectories(Folder, $"{number.ToString("00", CultureInfo.InvariantCulture)}-*").Single();
        CopyFolder(Path.Combine(Folder, "base"), Path.Combine(into, "base"));
        string copy = Path.Combine(into, Path.GetFileName(found));
        CopyFolder(found, copy);
        if (File.Exists(Path.Combine(copy, "make.sh"))) Run(copy, "make.sh");
        return copy;
    }

    // The originals may be read-only, but a test may change its copy.
    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string folder in Directory.GetDirectories(from)) CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        foreach (string file in Directory.GetFiles(from))
            File.WriteAllBytes(Path.Combine(to, Path.GetFileName(file)), File.ReadAllBytes(file));
    }

    private static void Run(string folder, string script)
    {
        var start = new ProcessStartInfo("sh", [script]) { WorkingDirectory = folder, RedirectStandardError = true };
        using var shell = Process.Start(start)!;
        string errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, $"{folder}/{script} failed: {errors}");
    }
}
