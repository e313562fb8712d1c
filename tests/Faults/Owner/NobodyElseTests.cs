using System.Globalization;

namespace Tests.Faults.Owner;

/// <summary>Nobody but its owner commands a cluster, reads it or disturbs it.</summary>
public sealed class NobodyElseTests
{
    private const int Silos = 2, Knocks = 3;

    [Fact]
    public async Task AnotherUserIsRefusedAtEveryPortSocketAndFileOfARunningCluster()
    {
        Stranger.SkipUnlessPossible();
        await using var cluster = await LocalCluster.Up(Silos);
        string id = await cluster.Submit(cluster.Write("small.yaml", Sweeps.Small));
        var silos = await Task.WhenAll(Enumerable.Range(1, Silos).Select(i => cluster.PidOf($"silo-{i}")));

        Assert.Empty(silos.SelectMany(ListeningPorts));
        var sockets = silos.SelectMany(ListeningSockets).ToList();
        // There are two sockets of each silo, beside those that .NET opens for its owner's debuggers.
        Assert.True(sockets.Count(s => s.StartsWith("/proc/self/fd/", StringComparison.Ordinal)) == 2 * Silos, string.Join('\n', sockets));
        string[] ours = Directory.GetFiles(Path.Combine(cluster.Home, "run", "sockets"))
            .Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2 * Silos, ours.Length);

        string[] everything = [cluster.Home, .. Directory.EnumerateFileSystemEntries(cluster.Home, "*", SearchOption.AllDirectories),
            .. sockets.Where(File.Exists)];
        var (allowed, refused) = await Stranger.Try(cluster, everything);
        Assert.Empty(allowed);
        Assert.True(refused > 20, $"{refused} attempts on {everything.Length} paths.");
        Assert.Contains($"{cluster.Home} belongs to user 0, and this is user {Stranger.User}",
            await Stranger.Run(cluster, 3, Repository.Sweep, "list"), StringComparison.Ordinal);
        Assert.Contains("belongs to user 0", await Stranger.Run(cluster, 2, Repository.Sweep, "cluster", "up"), StringComparison.Ordinal);

        (await cluster.Run("watch", id)).Exits(0);
        await cluster.IsWell();
    }

    [Fact]
    public async Task WhoGetsThroughAnOpenDoorIsRefusedAndLoggedOnceAndDisturbsNothing()
    {
        Stranger.SkipUnlessPossible();
        string calm = await CalmDigest();
        await using var cluster = await LocalCluster.Up(Silos);
        string folder = Path.Combine(cluster.Home, "run", "sockets");
        string[] sockets = Directory.GetFiles(folder).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)).ToArray();
        foreach (string door in (string[])[cluster.Home, Path.Combine(cluster.Home, "run"), folder, .. sockets]) OpenToAll(door);

        string id = await cluster.Submit(cluster.Write("small.yaml", Sweeps.Small));
        string[] answers = await Stranger.Knock(cluster, Knocks, sockets);
        Assert.Equal(Enumerable.Repeat("closed", Knocks * sockets.Length), answers);

        (await cluster.Run("watch", id)).Exits(0);
        Assert.Equal(Knocks * sockets.Length, cluster.Logged($"Refused a connection of user {Stranger.User}"));
        Assert.All(sockets, s => Assert.Equal(Knocks, cluster.Logged($" to {s}: this cluster serves nobody but its owner")));
        Assert.Equal(calm, (await cluster.Json("results", id))["sweep"]!["digest"]!.GetValue<string>());
        await cluster.IsWell();
    }

    [Fact]
    public async Task HomeThatStoodOpenIsShutAtTheNextStartAndWhatIsExportedIsNot()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux is proven.");
        await using var cluster = await LocalCluster.Up(silos: 1);
        await cluster.ResultsOf(cluster.Write("small.yaml", Sweeps.Small));
        (await cluster.Run("cluster", "down")).Exits(0);

        string beside = cluster.Write("beside.txt", "not the home's");
        OpenToAll(beside);
        File.CreateSymbolicLink(Path.Combine(cluster.Home, "run", "link"), beside);
        foreach (string entry in Everything(cluster)) OpenToAll(entry);
        (await cluster.Run("cluster", "up", "--silos", "1")).Exits(0);

        Assert.All(Everything(cluster), e => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(e) & ForOthers));
        Assert.NotEqual(UnixFileMode.None, File.GetUnixFileMode(beside) & ForOthers);

        string exported = cluster.PathOf("weights.safetensors");
        (await cluster.Run("checkpoint", "export", "last", "--trial", "1", "-o", exported)).Exits(0);
        Assert.Equal((UnixFileMode)(0x1B6 & ~OwnMask()), File.GetUnixFileMode(exported));
    }

    private const UnixFileMode ForOthers = (UnixFileMode)0x3F;

    private static async Task<string> CalmDigest()
    {
        await using var cluster = await LocalCluster.Up(Silos);
        return (await cluster.ResultsOf(cluster.Write("small.yaml", Sweeps.Small)))["sweep"]!["digest"]!.GetValue<string>();
    }

    private static List<string> Everything(LocalCluster cluster) => Directory.EnumerateFileSystemEntries(cluster.Home, "*",
        SearchOption.AllDirectories)
        .Append(cluster.Home).Where(e => new FileInfo(e).LinkTarget is null).ToList();

    private static void OpenToAll(string path) =>
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | (Directory.Exists(path) ? (UnixFileMode)0x1FF : (UnixFileMode)0x1B6));

    private static int OwnMask() =>
        Convert.ToInt32(File.ReadLines("/proc/self/status").First(l => l.StartsWith("Umask:", StringComparison.Ordinal))[6..].Trim(), 8);

    /// <summary>Returns the lines of the kernel's TCP tables for sockets at which the process listens.</summary>
    private static IEnumerable<string> ListeningPorts(int pid)
    {
        const string listening = " 0A ";
        var inodes = Inodes(pid);
        return new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines)
            .Where(l => l.Contains(listening, StringComparison.Ordinal)
                && l.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 9 } fields && inodes.Contains(fields[9]));
    }

    /// <summary>Returns the names under which the process listens. A name that is not in the file system begins with an @.</summary>
    private static IEnumerable<string> ListeningSockets(int pid)
    {
        const string accepting = "00010000";
        var inodes = Inodes(pid);
        return File.ReadLines("/proc/net/unix").Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f.Length > 6 && f[3] == accepting && inodes.Contains(f[6])).Select(f => f.Length > 7 ? f[7] : "@");
    }

    private static HashSet<string> Inodes(int pid)
    {
        var inodes = new HashSet<string>();
        foreach (string descriptor in Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd")))
        {
            try
            {
                if (File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name is { } name
                    && name.StartsWith("socket:[", StringComparison.Ordinal)) inodes.Add(name[8..^1]);
            }
            catch (IOException)
            {
                // The descriptor was closed meanwhile.
            }
        }
        Assert.NotEmpty(inodes);
        return inodes;
    }
}
