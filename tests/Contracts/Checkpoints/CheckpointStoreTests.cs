using System.Text;
using Grains.Interfaces.Model;
using Grains.Storage.Checkpoints;

namespace Tests.Contracts.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private static readonly byte[] Weights = Encoding.UTF8.GetBytes("weights");

    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointStore _store;

    public CheckpointStoreTests() => _store = new CheckpointStore(_folder.Path);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatWasPutIsFoundUnderItsDigest()
    {
        var digest = await _store.Put(Weights, Token);

        Assert.Equal(Digest.Of(Weights), digest);
        Assert.True(_store.Exists(digest));
        Assert.Equal(Weights, _store.Get(digest));
        Assert.True(File.Exists(FileOf(digest)));
    }

    [Fact]
    public async Task BytesThatAreThereAreNotWrittenAgainButCountAsNew()
    {
        var digest = await _store.Put(Weights, Token);
        var longAgo = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        await File.WriteAllTextAsync(FileOf(digest), "left as it is", Token);
        File.SetLastWriteTimeUtc(FileOf(digest), longAgo);

        await _store.Put(Weights, Token);

        Assert.Equal("left as it is", await File.ReadAllTextAsync(FileOf(digest), Token));
        Assert.NotEqual(longAgo, File.GetLastWriteTimeUtc(FileOf(digest)));
    }

    [Fact]
    public async Task SilosThatPutTheSameBytesAtOnceLeaveOneFile()
    {
        var bytes = new byte[1 << 20];
        await Parallel.ForAsync(0, 16, Token, async (_, token) => await new CheckpointStore(_folder.Path).Put(bytes, token));

        var kept = Assert.Single(_store.List());
        Assert.Equal((Digest.Of(bytes), 1 << 20), (kept.Digest, kept.Bytes));
        Assert.Empty(Directory.EnumerateFiles(_folder.File("temporary")));
    }

    [Fact]
    public async Task ADamagedCheckpointIsNamedMovedAsideAndMayBePutAgain()
    {
        var digest = await _store.Put(Weights, Token);
        File.WriteAllBytes(FileOf(digest), Weights[..^1]);

        var damage = Assert.Throws<CheckpointDamagedException>(() => _store.Get(digest));

        Assert.Contains(FileOf(digest), damage.Message, StringComparison.Ordinal);
        Assert.Contains(digest.Value, damage.Message, StringComparison.Ordinal);
        Assert.False(_store.Exists(digest));
        Assert.True(File.Exists(FileOf(digest) + ".damaged"));
        Assert.Empty(_store.List());
        await _store.Put(Weights, Token);
        Assert.Equal(Weights, _store.Get(digest));
    }

    [Fact]
    public async Task ADeletedCheckpointIsGoneAndDeletingItAgainIsHarmless()
    {
        var digest = await _store.Put(Weights, Token);
        _store.Delete(digest);
        _store.Delete(digest);

        Assert.False(_store.Exists(digest));
        Assert.Throws<FileNotFoundException>(() => _store.Get(digest));
    }

    [Fact]
    public void ACheckpointThatNeverWasIsNotFound() =>
        Assert.Throws<FileNotFoundException>(() => _store.Get(Digest.Of("never"u8)));

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("AB")]
    [InlineData("")]
    public void WhatIsNoDigestNamesNoFile(string name) =>
        Assert.Throws<ArgumentException>(() => _store.Get(new Digest(name)));

    [Fact]
    public async Task ListTellsSizeAndTimeOfEach()
    {
        var written = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        var digest = await _store.Put(Weights, Token);
        File.SetLastWriteTimeUtc(FileOf(digest), written);

        Assert.Equal([new StoredFile(digest, Weights.Length, new DateTimeOffset(written))], _store.List());
    }

    [Fact]
    public async Task WhatWasPutAgainSinceItWasListedIsNotDeleted()
    {
        var digest = await _store.Put(Weights, Token);
        File.SetLastWriteTimeUtc(FileOf(digest), DateTime.UtcNow.AddMinutes(-5));
        var listed = Assert.Single(_store.List());
        await _store.Put(Weights, Token);
        _store.Delete(listed);
        Assert.True(_store.Exists(digest));
        _store.Delete(Assert.Single(_store.List()));
        Assert.False(_store.Exists(digest));
    }

    [Fact]
    public void HalfWrittenFilesLeaveAfterAnHourAndNotBefore()
    {
        string stale = _folder.File("temporary/stale"), fresh = _folder.File("temporary/fresh");
        File.WriteAllText(stale, "");
        File.WriteAllText(fresh, "");
        File.SetLastWriteTimeUtc(stale, DateTime.UtcNow.AddMinutes(-61));
        File.SetLastWriteTimeUtc(fresh, DateTime.UtcNow.AddMinutes(-59));

        _ = new CheckpointStore(_folder.Path);

        Assert.False(File.Exists(stale));
        Assert.True(File.Exists(fresh));
    }

    public void Dispose() => _folder.Dispose();

    private string FileOf(Digest digest) => _folder.File($"{digest.Value[..2]}/{digest.Value[2..]}.safetensors");
}
