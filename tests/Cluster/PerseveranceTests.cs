using System.Net;
using Grains.Hosting;
using Grains.Interfaces.Model;
using Grains.Storage.Journal;
using Grains.Sweeps;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Tests.Shared;

namespace Tests.Cluster;

/// <summary>What breaks off is tried again a stated number of times, counted in the journal, and then fails with its reason.</summary>
public sealed class PerseveranceTests : IDisposable
{
    private static readonly SweepId Sweep = new("s");

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-perseverance-").FullName;
    private readonly JournalWriter _writer;
    private readonly JournalReader _reader;

    public PerseveranceTests()
    {
        var journal = JournalDatabase.Sqlite(Path.Combine(_folder, "journal.db"));
        JournalSchema.Migrate(journal);
        _writer = new JournalWriter(journal, NullLogger<JournalWriter>.Instance);
        _reader = new JournalReader(journal);
        _writer.Write(j => j.Submit(Rows.Sweep(Sweep.Value))).GetAwaiter().GetResult();
    }

    [Fact]
    public async Task WhatBreaksOffThreeTimesFailsWithItsReasonAlsoWhenAnotherSiloTakesOver()
    {
        int tried = 0;
        Task<int> Breaks(CancellationToken _) => ++tried == 2 ? throw new InvalidOperationException("second\nline") : throw new InvalidOperationException($"try {tried}");
        // The first silo sees two breaks and goes away; the other one counts on.
        using var gone = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => On("first").Do<int>(Sweep, async ct =>
        {
            if (tried == 2) await gone.CancelAsync();
            ct.ThrowIfCancellationRequested();
            return await Breaks(ct);
        }, Note, gone.Token));
        var refused = await Assert.ThrowsAsync<SpecException>(() => On("other").Do(Sweep, Breaks, Note, TestContext.Current.CancellationToken));
        Assert.Equal(3, tried);
        Assert.Contains("broke off 3 times", refused.Message, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: try 3", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crashed 139", true)]
    [InlineData("memory 137", true)]
    [InlineData("killed 137", false)]
    public async Task SilosThatCrashedUnderItCountAndThoseThatWereLostDoNot(string note, bool fails)
    {
        for (int run = 1; run <= 3; run++)
        {
            var silo = new Details($"run-{run}");
            await Note(SweepEvents.Preparing, silo.SiloAddress.ToParsableString());
            await File.WriteAllTextAsync(Path.Combine(_folder, silo.SiloAddress.ToParsableString()), note, TestContext.Current.CancellationToken);
        }
        var work = On("last").Do(Sweep, _ => Task.FromResult(7), Note, TestContext.Current.CancellationToken);
        if (!fails) Assert.Equal(7, await work);
        else Assert.Contains("3 times while it prepared", (await Assert.ThrowsAsync<SpecException>(() => work)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsRefusedIsTriedOnce()
    {
        int tried = 0;
        await Assert.ThrowsAsync<SpecException>(() => On("only").Do<int>(Sweep, _ =>
        {
            tried++;
            throw new SpecException("no such data");
        }, Note, TestContext.Current.CancellationToken));
        Assert.Equal(1, tried);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Perseverance On(string silo) => new(
        _reader, new Details(silo), new SweepOptions { SiloName = silo, Version = "test", ExitNotes = _folder }, TimeProvider.System, NullLogger<Perseverance>.Instance);

    private Task Note(string kind, string reason) => _writer.Write(j => j.Append(Sweep, 1, kind, reason: reason));

    /// <summary>Another name is another run of a silo.</summary>
    private sealed class Details(string name) : ILocalSiloDetails
    {
        public string Name => name;

        public string ClusterId => "test";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), name.Sum(c => c));

        public SiloAddress GatewayAddress => SiloAddress;
    }
}
