using System.Diagnostics;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;
using Tests.Unit.Data;

namespace Tests.Unit.Files;

public sealed class FolderWalkTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EachRealFolderIsEnteredOnceWhateverLinksLeadToIt()
    {
        _folder.Write("data/a/1", "x");
        _folder.Write("data/b/2", "x");
        _folder.Write("outside/3", "x");
        Link("data/a/loop", "..");
        Link("data/b/above", "../..");
        Link("data/b/root", "/");
        Link("data/b/self", ".");
        Link("data/again", "b");
        Link("data/c", "../outside");
        Link("data/d", "../outside");
        var walk = Walk("data");
        Assert.Equal(["a/1", "b/2", "c/3"], walk.Files.Select(f => f.Name));
        Assert.Equal(["a/loop", "again", "b/above", "b/root", "b/self", "d"], walk.PassedOver.Select(p => p.Name));
        Assert.Equal("is a link to b, which is read once", walk.PassedOver[1].Why);
        Assert.Equal("is a link back to the data folder", walk.PassedOver[2].Why);
    }

    [Fact]
    public void LinkToAFileIsThatFile()
    {
        _folder.Write("data/a/1", "x");
        Link("data/a/2", "1");
        Assert.Equal(["a/1", "a/2"], Walk("data").Files.Select(f => f.Name));
    }

    [Theory]
    [InlineData(".ipynb_checkpoints")]
    [InlineData("a/.git")]
    [InlineData("@eaDir")]
    [InlineData("a/@eaDir")]
    [InlineData("__MACOSX")]
    [InlineData("$RECYCLE.BIN")]
    [InlineData("System Volume Information")]
    public void HiddenFoldersArePassedOverAsHiddenFilesAre(string hidden)
    {
        _folder.Write("data/a/1", "x");
        _folder.Write("data/a/.2", "x");
        _folder.Write("data/a/THUMBS.DB", "x");
        _folder.Write($"data/{hidden}/deeper/3", "x");
        var walk = Walk("data");
        Assert.Equal(["a/1"], walk.Files.Select(f => f.Name));
        Assert.Equal(new[] { "a/.2", "a/THUMBS.DB", hidden }.Order(StringComparer.Ordinal), walk.PassedOver.Select(p => p.Name));
    }

    [Fact]
    public void HiddenFolderThatIsAskedForIsRead()
    {
        _folder.Write(".data/a/1", "x");
        Assert.Single(Walk(".data").Files);
    }

    [Fact]
    public void SpecialFilesAreNeverOpened()
    {
        _folder.Write("data/a/1", "x");
        Make("mkfifo", _folder.In("data/a/pipe"));
        Link("data/a/device", "/dev/zero");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder.In("data/a/socket")));
        var walk = Walk("data");
        Assert.Equal(["a/1"], walk.Files.Select(f => f.Name));
        Assert.Equal(["a/device is a device", "a/pipe is a named pipe (FIFO)", "a/socket is a socket"],
            walk.PassedOver.Select(p => $"{p.Name} {p.Why}"));
    }

    [Fact]
    public void NameThatIsNotUtf8IsAMistake()
    {
        _folder.Write("data/a/1", "x");
        Make("sh", "-c", $"touch \"$(printf '{_folder.In("data/a")}/caf\\351')\"");
        Refuses("data", "the name of 'a/caf\ufffd' is not UTF-8", "Rename it");
        // .NET has no name for it to delete.
        Make("rm", "-r", _folder.In("data"));
    }

    [Fact]
    public void LinkThatLeadsNowhereIsNamedWithItsTarget()
    {
        _folder.Write("data/a/1", "x");
        Link("data/a/2", "gone");
        Refuses("data", "data/a/2 is a link to gone, which is not there");
        File.Delete(_folder.In("data/a/2"));
        Link("data/a/3", "3");
        Refuses("data", "data/a/3 is a link in a circle");
    }

    [Fact]
    public void WalkEndsWhenItIsCancelled()
    {
        _folder.Write("data/a/1", "x");
        Assert.Throws<OperationCanceledException>(() => FolderWalk.Of(_folder.In("data"), null, new CancellationToken(true)));
    }

    [Fact]
    public void FileThatCannotBeReadIsNamedWithTheReason()
    {
        // This is a regular file whose reading fails, also for the superuser.
        string reason = Assert.Throws<SpecException>(
            () => WholeFile.Read("data.train: ", "/proc/self/mem", "Mend it.", 1 << 20, f => f.ReadByte())).Message;
        Assert.StartsWith("data.train: /proc/self/mem cannot be read: ", reason, StringComparison.Ordinal);
        Assert.EndsWith(" Mend it.", reason, StringComparison.Ordinal);
        string Said(string path) =>
            Assert.Throws<SpecException>(() => WholeFile.Bytes("", path, "Mend it.", 3, CancellationToken.None)).Message;
        Make("mkfifo", _folder.In("pipe"));
        Assert.Contains("pipe is a named pipe (FIFO). Mend it.", Said(_folder.In("pipe")), StringComparison.Ordinal);
        Assert.Contains("/dev/zero is a device.", Said("/dev/zero"), StringComparison.Ordinal);
        Assert.Contains(" is a folder.", Said(_folder.Path), StringComparison.Ordinal);
        Assert.Contains(" is not there.", Said(_folder.In("none")), StringComparison.Ordinal);
        Assert.Contains("has 4 bytes, more than the 3", Said(_folder.Write("large", "1234")), StringComparison.Ordinal);
    }

    private FolderWalk Walk(string folder) => FolderWalk.Of(_folder.In(folder), null, TestContext.Current.CancellationToken);

    private void Refuses(string folder, params string[] parts)
    {
        string message = Assert.Throws<SpecException>(() => Walk(folder)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private void Link(string name, string target)
    {
        string path = _folder.In(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
    }

    private static void Make(string program, params string[] arguments)
    {
        using var made = Process.Start(program, arguments);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }
}
