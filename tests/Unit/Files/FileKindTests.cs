using System.Diagnostics;
using Grains.Interfaces.Model.Files;

namespace Tests.Unit.Files;

public sealed class FileKindTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-kinds-").FullName;

    [Fact]
    public void WhatStandsAtAPathIsToldWithoutOpeningIt()
    {
        string file = Path.Combine(_folder, "file"),
            link = Path.Combine(_folder, "link"), fifo = Path.Combine(_folder, "fifo"), loop = Path.Combine(_folder, "loop");
        File.WriteAllText(file, "");
        File.CreateSymbolicLink(link, file);
        File.CreateSymbolicLink(loop, loop);
        using (var make = Process.Start("mkfifo", [fifo])) make.WaitForExit();
        Assert.Equal(FileKind.Regular, FileKinds.Of(file));
        Assert.Equal(FileKind.Regular, FileKinds.Of(link));
        Assert.Equal(FileKind.Folder, FileKinds.Of(_folder));
        Assert.Equal(FileKind.Special, FileKinds.Of(fifo));
        Assert.Equal(FileKind.Special, FileKinds.Of("/dev/null"));
        Assert.Equal(FileKind.Missing, FileKinds.Of(loop));
        Assert.Equal(FileKind.Missing, FileKinds.Of(Path.Combine(_folder, "none")));
        Assert.Equal(FileKind.Missing, FileKinds.Of(Path.Combine(file, "below")));
        File.Delete(file);
        Assert.Equal(FileKind.Missing, FileKinds.Of(link));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
