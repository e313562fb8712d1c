using System.Diagnostics;
using System.Text;
using Client;

namespace Tests.Unit.Commands;

/// <summary>A verb writes its target whole or not at all, and replaces nothing but a regular file.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class OutputTargetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-target-").FullName;

    [Fact]
    public async Task AFileIsReplacedWholeAndKeepsItsRights()
    {
        string file = In("weights");
        File.WriteAllText(file, "before");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Write(file);
        Assert.Equal("weights!", File.ReadAllText(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(["weights"], Names());
    }

    [Fact]
    public async Task WhatFailsLeavesTheFileAsItWas()
    {
        string file = In("weights");
        File.WriteAllText(file, "before");
        using (var target = OutputTarget.Open("-o", file))
            await Assert.ThrowsAsync<InvalidOperationException>(
                () => target.Write(_ => throw new InvalidOperationException("cut off"), default));
        Assert.Equal("before", File.ReadAllText(file));
        Assert.Equal(["weights"], Names());
    }

    [Fact]
    public async Task ALinkStaysALinkAndTheFileThatItLeadsToIsWritten()
    {
        File.WriteAllText(In("target"), "keep");
        File.CreateSymbolicLink(In("link"), "middle");
        File.CreateSymbolicLink(In("middle"), "target");
        await Write(In("link"));
        Assert.Equal("middle", new FileInfo(In("link")).LinkTarget);
        Assert.Equal("target", new FileInfo(In("middle")).LinkTarget);
        Assert.Equal("weights!", File.ReadAllText(In("target")));
    }

    [Fact]
    public async Task ALinkThatLeadsNowhereYetGetsItsFile()
    {
        File.CreateSymbolicLink(In("link"), "new");
        await Write(In("link"));
        Assert.Equal("new", new FileInfo(In("link")).LinkTarget);
        Assert.Equal("weights!", File.ReadAllText(In("new")));
    }

    [Fact]
    public async Task AFifoIsWrittenIntoAndStaysAFifo()
    {
        string fifo = In("pipe");
        using (var make = Process.Start("mkfifo", [fifo])) make.WaitForExit();
        File.CreateSymbolicLink(In("link"), "pipe");
        foreach (string path in (string[])[fifo, In("link")])
        {
            var read = Task.Run(() => File.ReadAllText(fifo));
            await Write(path);
            Assert.Equal("weights!", await read);
        }
        Assert.Equal(["link", "pipe"], Names());
        Assert.Equal("weights!", await AfterWriting("/dev/null"));
        Assert.False(File.GetAttributes("/dev/null").HasFlag(FileAttributes.Directory));
        Assert.Equal(0, new FileInfo("/dev/null").Length);
    }

    [Theory]
    [InlineData("nowhere/x", "there is no folder")]
    [InlineData("folder", "it is a folder")]
    [InlineData("new/", "it ends like a folder")]
    [InlineData("file/x", "is no folder")]
    [InlineData("circle", "circle")]
    [InlineData("dangling", "there is no folder")]
    public void WhatCannotBeWrittenIsBadInputBeforeAnythingIsDone(string name, string why)
    {
        Directory.CreateDirectory(In("folder"));
        File.WriteAllText(In("file"), "keep");
        File.CreateSymbolicLink(In("circle"), "circle");
        File.CreateSymbolicLink(In("dangling"), "gone/x");
        string[] before = Names();
        var refusal = Assert.Throws<CommandException>(() => OutputTarget.Open("-o", Path.Combine(_folder, name)));
        Assert.Equal(ExitCodes.BadInput, refusal.ExitCode);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("-o: ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Names());
    }

    [Fact]
    public void ASocketIsRefusedAndStays()
    {
        string path = In("socket");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        Assert.Equal(ExitCodes.BadInput, Assert.Throws<CommandException>(() => OutputTarget.Open("-o", path)).ExitCode);
        Assert.Equal(["socket"], Names());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task Write(string path)
    {
        using var target = OutputTarget.Open("-o", path);
        Assert.Equal(8, await target.Write(file => file.WriteAsync(Encoding.UTF8.GetBytes("weights!")).AsTask(), default));
    }

    private static async Task<string> AfterWriting(string path)
    {
        await Write(path);
        return "weights!";
    }

    private string In(string name) => Path.Combine(_folder, name);

    private string[] Names() =>
        [.. Directory.EnumerateFileSystemEntries(_folder).Select(e => Path.GetFileName(e)).Order(StringComparer.Ordinal)];
}
