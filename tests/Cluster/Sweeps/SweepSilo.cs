using System.Net;
using Grains;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Hosting;
using Orleans.Runtime;
using static Tests.Shared.ClassifierReadings;

namespace Tests.Cluster.Sweeps;

/// <summary>
/// Runs a real silo in this process, with all of its grains and no executor. The test plays every slot, and may start the silo anew over
/// the same folder.
/// </summary>
internal sealed class SweepSilo : IAsyncDisposable
{
    /// <summary>A training of two epochs over images that are drawn in milliseconds.</summary>
    public const string Phantom = """
        name: phantom
        data: {source: xray-phantom, train: 32, validation: 8, test: 8}
        model: {hidden: [4]}
        training: {epochs: 2}
        """;

    /// <summary>Two trials over a file of the test's own. Its header gives cause for a note.</summary>
    public const string OfFile = """
        name: file
        data: {source: csv, train: images.csv, height: 1, width: 2, max_value: 16}
        model: {hidden: [4]}
        training: {epochs: 2}
        parameters: {learning_rate: {values: [1e-3, 1e-2]}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-silo-").FullName;
    private IHost _host = null!;

    private SweepSilo()
    {
        File.WriteAllText(Images, "label,p0,p1\n" +
            string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 2},{i % 17},{16 - i % 17}\n")));
    }

    public ShiftedClock Clock { get; } = new();

    /// <summary>The data of <see cref="OfFile"/>.</summary>
    public string Images => Path.Combine(_folder, "images.csv");

    public JournalWriter Writer => _host.Services.GetRequiredService<JournalWriter>();

    public JournalReader Reader => _host.Services.GetRequiredService<JournalReader>();

    public CheckpointStore Checkpoints => _host.Services.GetRequiredService<CheckpointStore>();

    public ISweepReaderGrain Asked => Grains.GetGrain<ISweepReaderGrain>(0);

    private IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<SweepSilo> Start()
    {
        var silo = new SweepSilo();
        await silo.Begin();
        return silo;
    }

    /// <summary>
    /// Ends the silo in the midst of what it does, lets the test change what lies on the disk, and starts another over it.
    /// </summary>
    /// <param name="gate">Holds back the silo's writes until its grains are gone.</param>
    public async Task Restart(JournalGate gate, Action? between = null)
    {
        await End(gate);
        between?.Invoke();
        await Begin();
    }

    /// <summary>Writes a file beside the sweep files, and returns its path.</summary>
    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(Path.Combine(_folder, name), content);
        return Path.Combine(_folder, name);
    }

    public ISweepGrain Sweep(string id) => Grains.GetGrain<ISweepGrain>(id);

    public Task<Checkup> Examine() => Grains.GetGrain<IDoctorGrain>(0).Examine(Token);

    public Task Submit(string id, string text, ForkRequest? fork = null) =>
        Sweep(id).Submit(new SubmitRequest(text, _folder, "sweep.yaml", null, Fork: fork), Token);

    /// <summary>Waits until the journal shows that the sweep is in this state. Returns its row.</summary>
    public async Task<SweepRow> Until(string id, SweepState state)
    {
        SweepRow? row = null;
        await Until($"{id} is {state}", async () => (row = await Reader.Sweep(new SweepId(id)))?.State == state,
            () => $"It is {row?.State}, {row?.Reason}.");
        return row!;
    }

    /// <summary>Waits until the condition holds. Fails after a while, and says what was waited for.</summary>
    public static async Task Until(string what, Func<Task<bool>> holds, Func<string>? actual = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await holds())
        {
            Assert.False(patience.IsCancellationRequested, $"Waited a minute until {what}. {actual?.Invoke()}");
            await Task.Delay(5, Token);
        }
    }

    public async Task<IReadOnlyList<string>> Events(string id) =>
        [.. (await Reader.EventsAfter(new SweepId(id), 0)).Select(e => e.Kind)];

    /// <summary>The checkpoints in the store. Those that nothing refers to may go at any time.</summary>
    public IReadOnlySet<Digest> Kept() => Checkpoints.List().Select(f => f.Digest).ToHashSet();

    /// <summary>Takes all checkpoint files away, as somebody who makes room on the disk may.</summary>
    public void LoseCheckpoints()
    {
        foreach (var kept in Kept())
            foreach (string file in Directory.GetFiles(_folder, $"{kept.Value[2..]}*", SearchOption.AllDirectories)) File.Delete(file);
    }

    public Task<long> Count(string from) => Reader.Ask(j => j.QueryFirstOrDefault<long>($"SELECT COUNT(*) FROM {from}"));

    /// <summary>
    /// Plays a slot for every training that is wanted: its epochs are measured, and the state at the last one is kept. Returns when the
    /// sweep has ended.
    /// </summary>
    /// <param name="best">The epoch that is to have the best objective.</param>
    public async Task Complete(string id, int best = 1)
    {
        foreach (var work in await Reader.Work(new SweepId(id)))
        {
            var recipe = new Digest(work.Recipe);
            int last = (await Reader.Milestones(recipe))[^1];
            var file = await Checkpoints.Put(System.Text.Encoding.UTF8.GetBytes($"{recipe} {last}"), Token);
            await Writer.Write(j =>
            {
                int attempt = j.BeginAttempt(recipe.Value, "silo-1", "generation", 0, "fingerprint", 1, 100)!.Value;
                int first = j.QueryFirstOrDefault<int>("SELECT COALESCE(MAX(epoch), 0) + 1 FROM measurement WHERE recipe = @recipe",
                    new { recipe = recipe.Value });
                for (int epoch = first; epoch <= last; epoch++) j.Measure(recipe, attempt, Measured(epoch, 0.5, correct: epoch == best ? 2 : 1));
                j.Checkpoint(recipe, attempt, new NewCheckpoint(CheckpointKinds.State, last, file, file, 1), 1);
                j.EndAttempt(recipe, attempt, 1, AttemptOutcome.Met, advanced: true);
            });
            await Sweep(id).TrainingMoved(recipe, Token);
        }
        await Until(id, SweepState.Completed);
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        Directory.Delete(_folder, recursive: true);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task Begin()
    {
        var journal = JournalDatabase.Sqlite(Path.Combine(_folder, "journal.db"));
        JournalSchema.Migrate(journal);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSweep(journal, Path.Combine(_folder, "checkpoints"), BrokerSilo.Options with { ExitNotes = _folder })
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(new SpanStore(Path.Combine(_folder, "spans.db"), NullLogger<SpanStore>.Instance));
        var (silo, gateway) = (BrokerSilo.FreePort(), BrokerSilo.FreePort());
        builder.UseOrleans(o => o.UseLocalhostClustering(silo, gateway, new IPEndPoint(IPAddress.Loopback, silo)));
        _host = builder.Build();
        await _host.StartAsync(Token);
    }

    private async Task End(JournalGate? gate = null)
    {
        // A grain that waits at the gate does not end by itself.
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(gate is null ? 10 : 1));
        try
        {
            await _host.StopAsync(soon.Token);
        }
        catch (OperationCanceledException)
        {
            // The silo ends without a word to its grains, as in a crash.
        }
        gate?.Open();
        if (_host is IAsyncDisposable host) await host.DisposeAsync();
    }
}
