using System.Text.Json.Nodes;
using Dapper;
using Grains.Hosting;
using Grains.Storage;
using Grains.Storage.Databases;
using Grains.Storage.Journal;

namespace Tests.Faults;

/// <summary>
/// Holds a home of the test's own and the real `sweep` for it. At its end no process and no file is left, or the test fails.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-faults-").FullName;
    private readonly Dictionary<string, string> _environment = [];
    private string? _postgres;

    private readonly string _home;

    private LocalCluster(string home)
    {
        _home = home;
        Directory.CreateDirectory(Home);
    }

    public string Home => Path.Combine(_folder, _home);

    /// <summary>Makes a home without a cluster.</summary>
    public static LocalCluster Down() => new("home");

    /// <param name="postgres">A connection string; null for SQLite.</param>
    /// <param name="supervised">False: nobody restarts a silo that died or kills one that hangs.</param>
    /// <param name="sabotage">What the silos break on purpose (Grains/Sabotage.cs).</param>
    /// <param name="home">Its name in the test's folder.</param>
    public static async Task<LocalCluster> Up(int silos, int slots = 1, string? postgres = null, bool supervised = true,
        string? sabotage = null, string home = "home")
    {
        var cluster = new LocalCluster(home) { _postgres = postgres };
        if (sabotage is not null) cluster._environment["SWEEP_SABOTAGE"] = sabotage;
        string[] database = postgres is null ? [] : ["--postgres", postgres], alone = supervised ? [] : ["--no-supervisor"];
        (await cluster.Run(["cluster", "up", "--silos", $"{silos}", "--slots", $"{slots}", .. database, .. alone])).Exits(0);
        return cluster;
    }

    /// <summary>Returns the path of a file of the test's, beside the home.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a file beside the home, in folders that it makes where they are not, and returns its path.</summary>
    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public SweepProcess Start(params string[] arguments) =>
        new(arguments, _folder, new Dictionary<string, string>(_environment) { ["SWEEP_HOME"] = Home, ["TMPDIR"] = _folder }, Logs);

    public async Task<Outcome> Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.End(Patience);
    }

    public async Task<JsonNode> Json(params string[] arguments) =>
        JsonNode.Parse((await Run([.. arguments, "--format", "json"])).Exits(0).Output)!;

    /// <summary>Submits a sweep and returns the new sweep's ID.</summary>
    public async Task<string> Submit(string file, params string[] options)
    {
        using var process = Start(["submit", file, .. options, "--format", "json"]);
        return JsonNode.Parse((await process.End(Patience)).Exits(0).Output)!["id"]!.GetValue<string>();
    }

    public async Task<JsonNode> ResultsOf(string file)
    {
        string id = await Submit(file);
        (await Run("watch", id)).Exits(0);
        return await Json("results", id);
    }

    /// <summary>Checks that leases, journal, checkpoints and processes agree, and that every open trial has its reason.</summary>
    public async Task IsWell() => (await Run("doctor")).Exits(0);

    public Task Ended(string sweep, TimeSpan? patience = null) =>
        Journal($"{sweep} ends", $"SELECT COUNT(*) FROM sweep WHERE id = '{sweep}' AND ended IS NOT NULL", n => n == 1, patience);

    /// <summary>Waits for a number in the journal.</summary>
    public Task Journal(string what, string sql, Func<long, bool> holds, TimeSpan? patience = null) =>
        Eventually.Holds(what, patience ?? Patience, () =>
        {
            long n = Ask(sql);
            return holds(n) ? null : $"{sql}: {n}\n{Logs()}";
        });

    /// <summary>Returns the process of a silo that lives.</summary>
    public async Task<int> PidOf(string silo) =>
        (await Json("cluster", "status"))["silos"]!.AsArray()
            .Single(s => s!["name"]!.GetValue<string>() == silo && s["state"]!.GetValue<string>() == "Active")!["pid"]!.GetValue<int>();

    /// <summary>Returns how often the silos have logged the text.</summary>
    public int Logged(string text) => SiloLogs.Sum(f => File.ReadLines(f).Count(l => l.Contains(text, StringComparison.Ordinal)));

    /// <summary>Returns the one silo that has logged the text.</summary>
    public string WhoLogged(string text) =>
        Path.GetFileNameWithoutExtension(SiloLogs.Single(f => File.ReadLines(f).Any(l => l.Contains(text, StringComparison.Ordinal))));

    private IEnumerable<string> SiloLogs => Directory.EnumerateFiles(Path.Combine(Home, "logs"), "silo-*.log");

    public long Ask(string sql) => Convert.ToInt64(Scalar(sql), System.Globalization.CultureInfo.InvariantCulture);

    public string Text(string sql) => (string)Scalar(sql)!;

    private object? Scalar(string sql)
    {
        using var connection = Database.Open();
        return connection.ExecuteScalar(sql);
    }

    private JournalDatabase Database => _postgres is null
        ? JournalDatabase.Sqlite(Path.Combine(Home, "journal.db"))
        : new JournalDatabase(DatabaseKind.PostgreSql, _postgres);

    /// <summary>Returns the last lines of every log.</summary>
    public string Logs()
    {
        var files = Directory.EnumerateFiles(_folder, "*.log", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return string.Join('\n', files.Select(f => $"── {f}\n{string.Join('\n', File.ReadLines(f).TakeLast(15))}"));
    }

    /// <summary>Says whether something is left of what ran in the test's folder.</summary>
    public Task NothingRuns() => Processes.Gone(_folder);

    public IEnumerable<string> Entries => Directory.EnumerateFileSystemEntries(_folder).Select(e => Path.GetFileName(e));

    public async ValueTask DisposeAsync()
    {
        try
        {
            (await Run("cluster", "down")).Exits(0);
            await NothingRuns();
        }
        finally
        {
            foreach (var (pid, _) in Processes.Under(_folder)) Processes.Kill(pid);
            Directory.Delete(_folder, recursive: true);
        }
    }
}
