using System.Collections.Immutable;
using Grains.Interfaces.Model.Files;
using Grains.Interfaces.Model.Metrics;
using Grains.Programs;
using Grains.Training;

namespace Tests.Faults.Programs;

/// <summary>A folder of the test's own, in which it trains programs. At its end no process of it is left, or the test fails.</summary>
internal sealed class Trained : IAsyncDisposable
{
    public static readonly TrainingState Start = new(0, [], null);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-programs-").FullName;
    private readonly CancellationTokenSource _patience = new(Patience);

    /// <summary>The executable of this build's silo.</summary>
    public static string Guard { get; } = Path.Combine(Path.GetDirectoryName(Repository.Sweep)!.Replace(
        $"{Path.DirectorySeparatorChar}Client{Path.DirectorySeparatorChar}",
        $"{Path.DirectorySeparatorChar}Silo{Path.DirectorySeparatorChar}", StringComparison.Ordinal), "Silo");

    public string Log => PathOf("train.log");

    public string Scratch => PathOf("scratch");

    /// <summary>Returns the path of a file in the test's folder.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>A loop that runs a program in Python.</summary>
    public CommandLoop Python(string body, TrainingState? from = null, string[]? metrics = null, TimeSpan? timeout = null, long memory = 0,
        TimeSpan? grace = null, bool repeatable = true)
    {
        string source = PathOf("source");
        Directory.CreateDirectory(source);
        File.WriteAllText(Path.Combine(source, "train.py"), Programs.Python.Program(body));
        return Run(["python3", "-u", "train.py", _folder], from, metrics, timeout, memory, grace, PackedFiles.Pack(source, ["train.py"]),
            repeatable: repeatable);
    }

    public CommandLoop Run(string[] command, TrainingState? from = null, string[]? metrics = null, TimeSpan? timeout = null,
        long memory = 0, TimeSpan? grace = null, byte[]? files = null, string? guard = null, bool repeatable = true) => new(
        new CommandWork
        {
            Run = [.. command],
            ParametersJson = """{"lr":0.5,"kind":"a"}""",
            Metrics = metrics is null ? ["loss"] : metrics.ToImmutableArray(),
            Seed = 7,
            Replicate = 2,
            Files = files ?? [],
            Timeout = timeout,
            Repeatable = repeatable,
        },
        new CommandHost
        {
            Scratch = Scratch,
            LogFile = Log,
            Slot = 3,
            Memory = memory,
            Guard = guard ?? Guard,
            Grace = grace ?? TimeSpan.FromSeconds(10),
        },
        from ?? Start);

    /// <summary>Trains up to an epoch, and returns the first metric of each.</summary>
    public double[] To(CommandLoop loop, int until)
    {
        var values = new List<double>();
        while (loop.Epoch < until) values.Add(Next(loop, until).Values.Value(0));
        return [.. values];
    }

    public Measurement Next(CommandLoop loop, int until, CancellationToken ct = default)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token, ct);
        return loop.TrainEpoch(until, TimeProvider.System, ended.Token);
    }

    /// <summary>Trains, on a thread of its own.</summary>
    public Task<Measurement> Begin(CommandLoop loop, int until, CancellationToken ct = default) => Task.Factory.StartNew(
        () => Next(loop, until, ct), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public ProgramFailedException Fails(CommandLoop loop, int until)
    {
        var failure = Assert.Throws<ProgramFailedException>(() => To(loop, until));
        Assert.Throws<InvalidOperationException>(() => Next(loop, until));
        return failure;
    }

    /// <summary>Waits until the program has made a file in the test's folder, and returns what is in it.</summary>
    public async Task<string> Made(string name)
    {
        await Eventually.Holds($"there is {name}", Patience,
            () => File.Exists(PathOf(name)) && File.ReadAllText(PathOf(name)).EndsWith('\n') ? null : "There is none.");
        return File.ReadAllText(PathOf(name)).Trim();
    }

    /// <summary>Waits until no process of the test's is left.</summary>
    public Task NothingRuns() => Processes.Gone(_folder);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await NothingRuns();
            if (Directory.Exists(Scratch)) Assert.Empty(Directory.GetFileSystemEntries(Scratch));
        }
        finally
        {
            foreach (var (pid, _) in Processes.With(_folder)) Processes.Kill(pid);
            Directory.Delete(_folder, recursive: true);
            _patience.Dispose();
        }
    }
}
