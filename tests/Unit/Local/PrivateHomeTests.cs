using System.Diagnostics;
using Grains.Interfaces.Local;

namespace Tests.Unit.Local;

/// <summary>Checks who may enter a home.</summary>
public sealed class PrivateHomeTests : IDisposable
{
    private const UnixFileMode ForOthers = (UnixFileMode)0x3F;

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-home-").FullName;

    private string Home => Path.Combine(_folder, "home");

    [Fact]
    public void HomeThatIsMadeIsItsOwnersAlone()
    {
        PrivateHome.Claim(Path.Combine(Home, "deeper"), whole: true);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.Combine(Home, "deeper")) & ForOthers);
    }

    [Fact]
    public void WhatAHomeHoldsIsShutAndWhatALinkPointsToIsNot()
    {
        string outside = Open(Path.Combine(_folder, "outside")), stranger = Path.Combine(Home, "notes.txt");
        string[] files = [Path.Combine(Home, "journal.db"), Path.Combine(Home, "journal.db-wal"), Path.Combine(Home, "logs", "silo-1.log"),
            Path.Combine(Home, "checkpoints", "ab", "cd")];
        foreach (string file in files) Open(file);
        Open(stranger);
        File.CreateSymbolicLink(Path.Combine(Home, "logs", "link"), outside);
        Directory.CreateSymbolicLink(Path.Combine(Home, "run"), _folder);
        OpenFolders();

        PrivateHome.Claim(Home, whole: true);
        Assert.All([Home, Path.Combine(Home, "logs"), Path.Combine(Home, "checkpoints", "ab"), .. files],
            p => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(p) & ForOthers));
        Assert.Equal(ForAll, File.GetUnixFileMode(outside));
        // The link belongs to somebody, and is behind the home's shut door anyway.
        Assert.Equal(ForAll, File.GetUnixFileMode(stranger));
    }

    [Fact]
    public void FileThatStandsOpenInAShutHomeIsFoundOnAWholeLook()
    {
        PrivateHome.Claim(Home, whole: true);
        string file = Open(Path.Combine(Home, "run", "plan.json"));
        PrivateHome.Claim(Home, whole: false);
        Assert.Equal(ForAll, File.GetUnixFileMode(file));
        PrivateHome.Claim(Home, whole: true);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(file) & ForOthers);
    }

    [Theory]
    [InlineData("letter.txt", false)]
    [InlineData("logs", true)]
    public void FolderOfOtherThingsIsLeftAsItIs(string entry, bool shared)
    {
        Open(Path.Combine(Home, "letter.txt"));
        if (entry != "letter.txt") Directory.CreateDirectory(Path.Combine(Home, entry));
        var mode = (UnixFileMode)0x1FF | (shared ? UnixFileMode.StickyBit : UnixFileMode.None);
        File.SetUnixFileMode(Home, mode);
        var refused = Assert.Throws<HomeRefusedException>(() => PrivateHome.Claim(Home, whole: true));
        Assert.Contains($"{Home} has other things in it", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Home, "sweep"), refused.Message, StringComparison.Ordinal);
        Assert.Equal(mode, File.GetUnixFileMode(Home));
    }

    [Fact]
    public void HomeOfAnotherUserIsRefusedByItsOwnersNumber()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may give a folder to another user.");
        Directory.CreateDirectory(Home);
        using (var chown = Process.Start("chown", ["65534", Home])) chown.WaitForExit();
        Assert.Contains("belongs to user 65534, and this is user 0", PrivateHome.Refusal(Home), StringComparison.Ordinal);
        Assert.Throws<HomeRefusedException>(() => PrivateHome.Claim(Home, whole: true));
    }

    [Fact]
    public void HomeThatIsNotThereRefusesNobody() => Assert.Null(PrivateHome.Refusal(Home));

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\u001bb")]
    [InlineData("a\uFFFDb")]
    public void NameThatCannotBeShownIsRefused(string name) => Assert.NotNull(PrivateHome.Misnamed(name));

    [Theory]
    [InlineData("/tmp/semi;colon=1")]
    [InlineData("/tmp/'quoted' \"twice\" %41 $x `y`")]
    [InlineData("/tmp/é漢")]
    public void NameThatOtherSyntaxesUseIsFine(string name) => Assert.Null(PrivateHome.Misnamed(name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const UnixFileMode ForAll = (UnixFileMode)0x1B6;

    private static string Open(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "text");
        File.SetUnixFileMode(file, ForAll);
        return file;
    }

    private void OpenFolders()
    {
        foreach (string folder in Directory.GetDirectories(Home, "*", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        }).Append(Home))
            File.SetUnixFileMode(folder, (UnixFileMode)0x1FF);
    }
}
