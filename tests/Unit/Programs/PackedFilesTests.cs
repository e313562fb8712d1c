using System.Formats.Tar;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;

namespace Tests.Unit.Programs;

public sealed class PackedFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-packed-").FullName;

    [Fact]
    public void EqualContentGivesEqualBytes()
    {
        Fill("a", ["z.py", "lib/deep/x.py", "b"], reverse: false);
        Fill("b", ["z.py", "lib/deep/x.py", "b"], reverse: true);
        File.SetLastWriteTimeUtc(In("b", "z.py"), new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc));
        File.SetUnixFileMode(In("b", "b"), UnixFileMode.UserRead);
        byte[] first = PackedFiles.Pack(In("a"), ["z.py", "lib", "b"]), second = PackedFiles.Pack(In("b"), ["b", "./lib/", "z.py", "lib"]);
        Assert.Equal(first, second);
        Assert.Equal(first, PackedFiles.PackAll(In("a")));
        Assert.NotEqual(first, PackedFiles.Pack(In("a"), ["z.py", "lib"]));
    }

    [Fact]
    public void WhatIsUnpackedPacksToTheSameBytes()
    {
        Fill("a", ["run.sh", "empty/below/x", $"{new string('n', 120)}/größe 1.txt"], reverse: false);
        File.Delete(In("a", "empty/below/x"));
        File.SetUnixFileMode(In("a", "run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllBytes(In("a", "nothing"), []);
        byte[] packed = PackedFiles.PackAll(In("a"));
        PackedFiles.Unpack(packed, In("b"));
        Assert.Equal(packed, PackedFiles.PackAll(In("b")));
        Assert.True(Directory.Exists(In("b", "empty/below")));
        Assert.True(File.GetUnixFileMode(In("b", "run.sh")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("größe 1.txt", File.ReadAllText(In("b", $"{new string('n', 120)}/größe 1.txt")));
    }

    /// <summary>What tools leave beside a program is none of its files. A checkpoint is all that its folder holds.</summary>
    [Fact]
    public void WhatToolsLeaveIsLeftOutOfAProgramAndOfNoCheckpoint()
    {
        Fill("a", ["lib/x.py"], reverse: false);
        byte[] clean = PackedFiles.Pack(In("a"), ["lib"]), checkpoint = PackedFiles.PackAll(In("a"));
        Fill("a", ["lib/__pycache__/x.pyc", "lib/.git/head"], reverse: false);
        Assert.Equal(clean, PackedFiles.Pack(In("a"), ["lib"]));
        Assert.NotEqual(checkpoint, PackedFiles.PackAll(In("a")));
    }

    [Fact]
    public void NothingPacksToNothingAndUnpacksToAnEmptyFolder()
    {
        Directory.CreateDirectory(In("a"));
        Assert.Empty(PackedFiles.PackAll(In("a")));
        Assert.Empty(PackedFiles.Pack(In("a"), []));
        PackedFiles.Unpack(Array.Empty<byte>(), In("b"));
        Assert.Empty(Directory.GetFileSystemEntries(In("b")));
    }

    [Fact]
    public void LinksAreReadAsWhatTheyLeadTo()
    {
        Fill("elsewhere", ["data/x"], reverse: false);
        Fill("a", ["x"], reverse: false);
        Fill("b", ["x"], reverse: false);
        Directory.CreateDirectory(In("a", "data"));
        File.WriteAllText(In("a", "data/x"), "x");
        Directory.CreateSymbolicLink(In("b", "data"), In("elsewhere", "data"));
        Assert.Equal(PackedFiles.PackAll(In("a")), PackedFiles.PackAll(In("b")));
    }

    [Theory]
    [InlineData("train.py", "program.files: train.py does not exist in")]
    [InlineData("/etc/passwd", "program.files: /etc/passwd is absolute")]
    [InlineData("../x", "program.files: ../x leads out of")]
    [InlineData("lib/../../x", "program.files: lib/../../x leads out of")]
    [InlineData("", "program.files: '' is no name")]
    [InlineData("pipe", "program.files: pipe is a named pipe (FIFO), and only files and folders are packed")]
    [InlineData("nowhere", "program.files: nowhere is a link to gone, which is not there")]
    [InlineData("round", "program.files: round/round is a link back to a folder above it")]
    public void WhatCannotBePackedIsRefused(string name, string message)
    {
        Directory.CreateDirectory(In("a", "lib"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [In("a", "pipe")])) mkfifo.WaitForExit();
        File.CreateSymbolicLink(In("a", "nowhere"), "gone");
        Directory.CreateDirectory(In("a", "round"));
        Directory.CreateSymbolicLink(In("a", "round", "round"), ".");
        var refusal = Assert.Throws<SpecException>(() => PackedFiles.Pack(In("a"), [name]));
        Assert.StartsWith(message, refusal.Message);
    }

    [Fact]
    public void TooMuchIsRefusedBeforeItIsRead()
    {
        Directory.CreateDirectory(In("a"));
        using (var file = File.Create(In("a", "huge"))) file.SetLength(65L << 20);
        var refusal = Assert.Throws<SpecException>(() => PackedFiles.Pack(In("a"), ["huge"]));
        Assert.Contains("more than 67108864 bytes as an archive, with huge", refusal.Message);
        Assert.Equal(65 << 20, PackedFiles.PackAll(In("a")).Length & ~0xFFFF);
        Assert.Throws<SpecException>(() => PackedFiles.PackAll(In("a"), most: 1 << 20));
    }

    [Theory]
    [InlineData("/x", TarEntryType.RegularFile)]
    [InlineData("../x", TarEntryType.RegularFile)]
    [InlineData("a/../../x", TarEntryType.RegularFile)]
    [InlineData("..", TarEntryType.Directory)]
    [InlineData("link", TarEntryType.SymbolicLink)]
    [InlineData("link", TarEntryType.HardLink)]
    [InlineData("pipe", TarEntryType.Fifo)]
    public void NothingIsUnpackedOutsideOfTheFolder(string name, TarEntryType type)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            var entry = new PaxTarEntry(type, name);
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) entry.LinkName = "/etc/passwd";
            writer.WriteEntry(entry);
        }
        Assert.Throws<SpecException>(() => PackedFiles.Unpack(archive.ToArray(), In("b")));
        Assert.Empty(Directory.GetFileSystemEntries(In("b")));
        Assert.Single(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void ADamagedArchiveIsRefused()
    {
        Fill("a", ["x"], reverse: false);
        byte[] packed = PackedFiles.PackAll(In("a"));
        Assert.Throws<SpecException>(() => PackedFiles.Unpack(packed.AsMemory(0, 700), In("b")));
        packed.AsSpan(0, 512).Fill((byte)'?');
        Assert.Throws<SpecException>(() => PackedFiles.Unpack(packed, In("c")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Makes files that hold their own names.</summary>
    private void Fill(string root, string[] names, bool reverse)
    {
        foreach (string name in reverse ? names.Reverse() : names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(In(root, name))!);
            File.WriteAllText(In(root, name), Path.GetFileName(name));
        }
    }

    private string In(params string[] names) => Path.Combine([_folder, .. names]);
}
