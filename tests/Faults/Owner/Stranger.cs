using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Tests.Faults.Owner;

/// <summary>Plays another user of this host, who tries whatever a cluster has. Only root can act as one.</summary>
internal static class Stranger
{
    public const string User = "65534";

    /// <summary>This is the system's own Python, because another one may lie where the stranger cannot go.</summary>
    private const string Python = "/usr/bin/python3";

    /// <summary>
    /// Prints for each path what the kernel allowed. If it allowed nothing at all, the script prints one line, "refused".
    /// </summary>
    private const string Tries = """
        import json, os, socket, stat, sys
        allowed, refused = [], 0
        def attempt(what, path, action):
            global refused
            try:
                action(path)
                allowed.append(f"{what} {path}")
            except OSError:
                refused += 1
        def connect(path):
            with socket.socket(socket.AF_UNIX) as s: s.connect(path)
        def write(path): os.close(os.open(path, os.O_WRONLY))
        def read(path): os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
        for path in json.load(open(sys.argv[1])):
            attempt("read", path, read)
            attempt("list", path, os.listdir)
            attempt("write", path, write)
            attempt("make", path, lambda p: os.close(os.open(p + "/stranger", os.O_CREAT | os.O_WRONLY)))
            attempt("delete", path, os.unlink)
            attempt("connect", path, connect)
        print(json.dumps({"allowed": allowed, "refused": refused}))
        """;

    /// <summary>Knocks at a socket whose file is open to all, and waits for what comes.</summary>
    private const string Knocks = """
        import socket, sys
        for path in sys.argv[2:]:
            for i in range(int(sys.argv[1])):
                with socket.socket(socket.AF_UNIX) as s:
                    s.settimeout(30)
                    s.connect(path)
                    try:
                        s.sendall(b"let me in")
                        print("answered" if s.recv(1) else "closed")
                    except ConnectionError:
                        print("closed")
        """;

    public static void SkipUnlessPossible()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root may act as another user.");
        Assert.SkipUnless(File.Exists(Python), "python3 was not installed.");
    }

    /// <summary>Returns what the stranger may do with the paths, of all that can be done with a path.</summary>
    public static async Task<(string[] Allowed, int Refused)> Try(LocalCluster cluster, IEnumerable<string> paths)
    {
        string list = Open(cluster.Write("paths.json", JsonSerializer.Serialize(paths))), script = Open(cluster.Write("tries.py", Tries));
        using var told = JsonDocument.Parse(await Run(cluster, 0, Python, script, list));
        return ([.. told.RootElement.GetProperty("allowed").EnumerateArray().Select(a => a.GetString()!)],
            told.RootElement.GetProperty("refused").GetInt32());
    }

    /// <summary>Returns one word per knock: `closed` or `answered`.</summary>
    public static async Task<string[]> Knock(LocalCluster cluster, int times, IEnumerable<string> sockets) =>
        (await Run(cluster, 0, [Python, Open(cluster.Write("knocks.py", Knocks)),
            times.ToString(CultureInfo.InvariantCulture), .. sockets]))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs a program as the stranger, with the cluster's home as its own.</summary>
    public static async Task<string> Run(LocalCluster cluster, int exitCode, params string[] command)
    {
        // The test's folder is opened, so that only the home itself is in the way.
        File.SetUnixFileMode(Path.GetDirectoryName(cluster.Home)!,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        var start = new ProcessStartInfo("setpriv", ["--reuid", User, "--regid", User, "--clear-groups", .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { ["SWEEP_HOME"] = cluster.Home, ["HOME"] = "/nonexistent" },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        string said = output + await errors;
        Assert.True(process.ExitCode == exitCode, $"{string.Join(' ', command)} as user {User}: exit code {process.ExitCode}, " +
            $"not {exitCode}.\n{said}");
        return said;
    }

    private static string Open(string file)
    {
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        return file;
    }
}
