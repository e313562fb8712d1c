using System.Diagnostics;

namespace Tests.Faults.Robust;

/// <summary>The disk is full, may not be written, or holds damaged databases.</summary>
public sealed class StorageTests
{
    private const string Nobody = "65534";

    [Fact]
    public async Task SweepWaitsWhileTheDiskIsFullAlsoAfterAKillAndEndsWithTheSameDigest()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may mount a small disk.");
        await using var home = new Home();
        Directory.CreateDirectory(home.Path);
        await using var disk = Disk.Mount(home, "128m");
        await home.Sweep("cluster", "up", "--silos", "2");
        string id = await home.Submit(home.Spec(epochs: 12));
        await home.UntilEpochs(id, 4);

        // Files that silos were writing are deleted when the write fails, which makes room again, until the disk stays full.
        await Home.Until("the doctor says it", async () =>
        {
            disk.Fill();
            return (await home.Try("doctor")).Output.Contains("cannot be written (No space left on device)", StringComparison.Ordinal);
        });
        await Home.Until("a silo says it",
            () => Task.FromResult((home.Log("silo-1") + home.Log("silo-2")).Contains("disk is full", StringComparison.Ordinal)));
        int killed = home.PidOf("silo-2");
        Home.Signal(killed, "KILL");
        await Home.Until("the supervisor starts another", () => Task.FromResult(home.RunsSilo("silo-2", besides: killed)));

        disk.Free();
        await home.Sweep("watch", id);
        // What was killed counts as a member until the others have given it up.
        await Home.Until("the doctor is content", async () => (await home.Try("doctor")).Output.Contains("All is well.", StringComparison.Ordinal));
        await home.Submit(home.Spec(epochs: 12), "--no-reuse", "--watch");
        Assert.Equal(await home.Digest("last"), await home.Digest(id));
    }

    [Fact]
    public async Task TrainingWaitsWhileCheckpointsMayNotBeWritten()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may run a cluster as another user.");
        await using var home = new Home(asUser: Nobody);
        await home.Sweep("cluster", "up", "--silos", "1");
        await home.Submit(home.Spec(epochs: 1), "--watch");

        string checkpoints = Path.Combine(home.Path, "checkpoints", "temporary");
        Run("chmod", "500", checkpoints);
        string id = await home.Submit(home.Spec(epochs: 2));
        await Home.Until("the silo says it",
            () => Task.FromResult(home.Log("silo-1").Contains("cannot be written: Access to the path", StringComparison.Ordinal)));
        Run("chmod", "700", checkpoints);
        await home.Sweep("watch", id);
        await home.Sweep("doctor");
        await home.Submit(home.Spec(epochs: 2), "--watch", "--no-reuse");
        Assert.Equal(await home.Digest("last"), await home.Digest(id));
    }

    [Fact]
    public async Task HomeThatMayNotBeWrittenIsNamedWithTheRemedy()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may run a program as another user.");
        await using var home = new Home(asUser: Nobody);
        // The folder is made by root, and so it is not the silos'.
        Directory.CreateDirectory(home.Path);
        string refused = await home.Sweep(2, "cluster", "up");
        Assert.Contains($"SWEEP_HOME: {home.Path} belongs to user 0, and this is user {Nobody}", refused, StringComparison.Ordinal);
        Assert.Contains("Use a folder of your own", refused, StringComparison.Ordinal);

        Run("chown", Nobody, home.Path);
        Run("chmod", "500", home.Path);
        string said = await home.Sweep(2, "cluster", "up");
        Assert.Contains($"SWEEP_HOME: {home.Path} cannot be", said, StringComparison.Ordinal);
        Assert.Contains("Give this user the right", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamagedDatabaseIsNamedWithTheRemedyAndNothingIsLostOnceItIsMended()
    {
        await using var home = new Home();
        await home.Sweep("cluster", "up", "--silos", "1");
        string id = await home.Submit(home.Spec(epochs: 1));
        await home.Sweep("cluster", "down");
        foreach (var (name, remedy) in new[] { ("membership.db", "delete it"), ("journal.db", "an earlier day") })
        {
            string file = Path.Combine(home.Path, name);
            byte[] whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            await File.WriteAllBytesAsync(file, [.. whole.Select((b, i) => (byte)(b + i + 1))], TestContext.Current.CancellationToken);
            string said = await home.Sweep(3, "cluster", "up");
            Assert.Contains($"{file} is damaged or is no database", said, StringComparison.Ordinal);
            Assert.Contains(remedy, said, StringComparison.Ordinal);
            await File.WriteAllBytesAsync(file, whole, TestContext.Current.CancellationToken);
        }
        await home.Sweep("cluster", "up");
        await home.Sweep("watch", id);
        await home.Sweep("doctor");
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}.");
    }

    /// <summary>Mounts a small file system of its own.</summary>
    private sealed class Disk : IAsyncDisposable
    {
        private readonly Home _home;

        private Disk(Home home) => _home = home;

        private string Filler => Path.Combine(_home.Path, "filler");

        public static Disk Mount(Home home, string size)
        {
            Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", home.Path);
            return new Disk(home);
        }

        /// <summary>Fills the disk to the last byte.</summary>
        public void Fill()
        {
            using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            try
            {
                for (var block = new byte[4096]; ;) file.Write(block);
            }
            catch (IOException)
            {
                // The disk is full.
            }
        }

        public void Free() => File.Delete(Filler);

        /// <summary>The cluster ends first, because the file that says who is to be stopped lies on the disk.</summary>
        public async ValueTask DisposeAsync()
        {
            Free();
            await _home.Sweep("cluster", "down");
            Run("umount", "--lazy", _home.Path);
        }
    }
}
