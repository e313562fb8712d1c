using System.Runtime.InteropServices;
using System.Text;

namespace Tests.Faults;

/// <summary>Looks at the system's processes, and signals them.</summary>
internal static partial class Processes
{
    private const int Sigint = 2, Sigkill = 9, Sigcont = 18, Sigstop = 19;

    /// <summary>Returns the processes whose command line has the text in it.</summary>
    public static IReadOnlyList<(int Pid, string Command)> With(string text) =>
        [.. All().Where(p => p.Command.Contains(text, StringComparison.Ordinal))];

    /// <summary>
    /// Returns the processes whose command line or environment has the text in it. What a silo starts, and what that starts in turn,
    /// inherits the silo's environment.
    /// </summary>
    public static IReadOnlyList<(int Pid, string Command)> Under(string text) =>
        [.. All().Where(p => p.Command.Contains(text, StringComparison.Ordinal)
            || Read(p.Pid, "environ").Contains(text, StringComparison.Ordinal))];

    /// <summary>Waits until no process has the text in its command line or environment, and fails when one stays.</summary>
    public static Task Gone(string text) => Eventually.Holds($"no process of {text} is left", TimeSpan.FromSeconds(40),
        () => Under(text) is { Count: > 0 } left ? string.Join("\n", left.Select(p => $"{p.Pid} {p.Command}")) : null);

    private static IEnumerable<(int Pid, string Command)> All()
    {
        foreach (string folder in Directory.GetDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), out int pid)) yield return (pid, Read(pid, "cmdline"));
    }

    /// <summary>Returns what /proc tells of a process; nothing where it has ended, or belongs to somebody else.</summary>
    private static string Read(int pid, string what)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{what}")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    public static void Kill(int pid) => Assert.Equal(0, Signal(pid, Sigkill));

    public static void Interrupt(int pid) => Assert.Equal(0, Signal(pid, Sigint));

    /// <summary>Returns when every thread of the process stands still.</summary>
    public static void Stop(int pid)
    {
        Assert.Equal(0, Signal(pid, Sigstop));
        while (!Directory.GetFiles($"/proc/{pid}/task", "stat", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 1,
        }).All(Stands)) Thread.Yield();
    }

    public static void Continue(int pid) => Assert.Equal(0, Signal(pid, Sigcont));

    private static bool Stands(string stat)
    {
        string text = File.ReadAllText(stat);
        return text[text.LastIndexOf(')') + 2] is 'T' or 't';
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int pid, int signal);
}
