using System.CommandLine;
using Client.Connecting;
using Client.LocalCluster;
using Client.Rendering;
using Npgsql;

namespace Client.Commands;

internal static class ClusterUpCommand
{
    private const int DefaultSlots = 1, MostSilos = 64, MostSlots = 1024;

    /// <summary>Three silos survive the loss of one. Silos beyond the number of cores only get into each other's way.</summary>
    private static readonly int DefaultSilos = Math.Min(3, Environment.ProcessorCount);

    public static Command Create()
    {
        var silos = new Option<int?>("--silos")
        {
            Description = $"Silo processes. At first {DefaultSilos}: three, but no more than there are cores.",
            HelpName = "N",
        };
        var slots = new Option<int?>("--slots")
        {
            Description = $"Trainings at a time in each silo. At first {DefaultSlots}.",
            HelpName = "N",
        };
        var memory = new Option<long?>("--memory")
        {
            Description = "Memory that the trainings of all silos may take. At first what the machine has.",
            HelpName = "SIZE",
            CustomParser = ByteSize.Parse,
        };
        var postgres = new Option<string?>("--postgres")
        {
            Description = "Keep membership and journal in this PostgreSQL database. Default: SQLite files in the home, " +
                "or what the home began with.",
            HelpName = "CONNECTION",
        };
        var alone = new Option<bool>("--no-supervisor")
        {
            Description = "Start the silos and leave them: nobody restarts one that dies or kills one that hangs.",
        };
        var cacheSize = CacheCommand.Size("Disk budget of checkpoints: the least valuable go first. At first none.");
        var trace = Verb.TraceConsole();
        var command = new Command("up",
            "Starts the cluster and waits until all its silos answer. Harmless when it runs; more silos than run are added. " +
            "What an option has set once stays set, also after `down`: options that are left out mean `as before`.")
        { silos, slots, memory, postgres, alone, cacheSize, trace };
        command.SetAction((parsed, cancellationToken) => Run(new UpRequest
        {
            Silos = InRange("--silos", parsed.GetValue(silos), MostSilos),
            Slots = InRange("--slots", parsed.GetValue(slots), MostSlots),
            Memory = parsed.GetValue(memory) is not 0 and var bytes
                ? bytes
                : throw CommandException.BadInput("--memory: 0 holds no training."),
            Postgres = Checked(parsed.GetValue(postgres)),
            Alone = parsed.GetResult(alone) is { Implicit: false } ? parsed.GetValue(alone) : null,
            CacheSize = parsed.GetValue(cacheSize),
            Trace = parsed.GetValue(trace),
        }, cancellationToken));
        return command;
    }

    private static async Task<int> Run(UpRequest request, CancellationToken cancellationToken)
    {
        var home = SweepHome.Default();
        using var one = await LocalClusterControl.LockUp(home, cancellationToken);
        var before = ClusterPlan.Read(home);
        RequireSameDatabase(home, before, request.Postgres);
        if (ClusterState.Read(home) is { IsSupervised: true } running) await Extend(home, running, request, cancellationToken);
        else await Start(home, before, request, cancellationToken);
        if (request.CacheSize is { } size) await SetCacheSize(home, size, cancellationToken);
        return ExitCodes.Done;
    }

    private static async Task Start(SweepHome home, ClusterPlan? before, UpRequest request, CancellationToken cancellationToken)
    {
        int silos = request.Silos ?? before?.Silos.Count ?? DefaultSilos;
        var plan = ClusterPlan.Of(silos, request.Slots ?? before?.Slots ?? DefaultSlots, before) with
        {
            Postgres = request.Postgres ?? before?.Postgres,
            Memory = request.Memory ?? before?.Memory,
            Alone = request.Alone ?? before?.Alone ?? false,
        };
        long? budget = plan.Alone
            ? await StartUnattended(home, before, plan, request.Trace, cancellationToken)
            : await StartSupervised(home, plan, request.Trace, cancellationToken);
        string alone = plan.Alone ? ", with no supervisor" : "";
        Output.Line($"The cluster is up{alone}: {Count(plan.Silos.Count, "silo")} × {Count(plan.Slots, "slot")} in {home.Path}.");
        if (before is not null && Remembered(request, plan, budget) is { Count: > 0 } remembered)
            Output.Line($"As before: {string.Join(", ", remembered)}.");
    }

    /// <summary>Lists what the request leaves out and the home knew.</summary>
    private static List<string> Remembered(UpRequest request, ClusterPlan plan, long? budget)
    {
        List<string> all = [];
        if (request.Silos is null) all.Add(Count(plan.Silos.Count, "silo"));
        if (request.Slots is null) all.Add($"{Count(plan.Slots, "slot")} each");
        if (request.Memory is null && plan.Memory is { } memory) all.Add($"{ByteSize.Text(memory)} of memory");
        if (request.Postgres is null && plan.Postgres is { } postgres) all.Add(NameOf(postgres));
        if (request.Alone is null && plan.Alone) all.Add("no supervisor (--no-supervisor false gives it one)");
        if (request.CacheSize is null && budget is { } size) all.Add($"checkpoints within {ByteSize.Text(size)}");
        return all;
    }

    private static async Task<long?> StartSupervised(SweepHome home, ClusterPlan plan, bool traceConsole,
        CancellationToken cancellationToken)
    {
        // A supervisor that was killed may have left processes.
        await LocalClusterControl.Stop(home);
        plan.Write(home);
        using var supervisor = LocalClusterControl.StartSupervisor(home, lifeline: false, ephemeral: false, traceConsole);
        try
        {
            return await LocalClusterControl.WaitUntilReady(home, plan.Silos.Count, supervisor, cancellationToken);
        }
        catch
        {
            if (!supervisor.HasExited) Posix.Terminate(supervisor.Id);
            await LocalClusterControl.Stop(home);
            throw;
        }
    }

    private static async Task<long?> StartUnattended(
        SweepHome home, ClusterPlan? before, ClusterPlan plan, bool traceConsole, CancellationToken cancellationToken)
    {
        // Silos that run keep their addresses, and only those that are missing are started.
        if (ClusterState.Read(home) is { IsUnattended: true } && before?.Silos.Count >= plan.Silos.Count)
            plan = before with { Alone = true };
        plan.Write(home);
        await Unattended.Start(home, plan, traceConsole, cancellationToken);
        return await LocalClusterControl.WaitUntilReady(home, plan.Silos.Count, supervisor: null, cancellationToken);
    }

    /// <summary>A home stays with the kind of database that it began with, because its sweeps are in there.</summary>
    private static void RequireSameDatabase(SweepHome home, ClusterPlan? before, string? postgres)
    {
        if (postgres is not null && before?.Postgres is null && File.Exists(home.JournalFile))
            throw CommandException.BadInput($"--postgres: the sweeps of {home.Path} are in its SQLite files. " +
                $"Set {SweepHome.Variable} to another folder.");
    }

    private static async Task Extend(SweepHome home, ClusterState running, UpRequest request, CancellationToken cancellationToken)
    {
        var plan = ClusterPlan.Read(home) ?? ClusterPlan.Of(running.Silos.Count, running.Slots, null);
        if (request.Slots is { } slots && slots != plan.Slots)
            throw Refuse($"it runs with {Count(plan.Slots, "slot")} a silo, not {slots}");
        if (request.Silos < plan.Silos.Count)
            throw Refuse($"it runs {Count(plan.Silos.Count, "silo")}, more than the {request.Silos} asked for");
        if (request.Memory is not null && request.Memory != plan.Memory) throw Refuse("its silos know how much memory they may take");
        if (request.Postgres is not null && request.Postgres != plan.Postgres) throw Refuse("it keeps its sweeps in another database");
        if (request.Alone is true) throw Refuse("it has a supervisor");
        if (running.Silos.FirstOrDefault(s => s.GivenUp is not null) is { } lost)
            throw CommandException.NoCluster($"the cluster is up, but {lost.Name} {lost.GivenUp}. Run `sweep cluster down`, " +
                "then `sweep cluster up`.");

        int wanted = request.Silos ?? plan.Silos.Count;
        bool grows = wanted > plan.Silos.Count;
        if (grows) plan.GrownTo(wanted).Write(home);
        await LocalClusterControl.WaitUntilReady(home, wanted, supervisor: null, cancellationToken);
        Output.Line(grows
            ? $"The cluster has grown from {plan.Silos.Count} to {Count(wanted, "silo")}."
            : $"The cluster is already up: {Count(wanted, "silo")} × {Count(plan.Slots, "slot")} in {home.Path}.");
    }

    private static async Task SetCacheSize(SweepHome home, long size, CancellationToken cancellationToken)
    {
        await using var connection = await ClusterConnection.Open(home, cancellationToken);
        await ClusterConnection.Ask(() => connection.Cache.SetSize(size, cancellationToken), cancellationToken);
        Output.Line($"Checkpoints may take {ByteSize.Text(size)}.");
    }

    /// <summary>Returns a connection string as people wrote it, if it can be one. An error is described without the password.</summary>
    private static string? Checked(string? postgres)
    {
        if (postgres is null) return null;
        try
        {
            if (new NpgsqlConnectionStringBuilder(postgres).Host is { Length: > 0 }) return postgres;
        }
        catch (ArgumentException)
        {
            // The exception's message may quote the whole string.
        }
        throw CommandException.BadInput("--postgres: it is no connection string that names a server. " +
            "Write \"Host=…;Database=…;Username=…;Password=…\"; a value with a semicolon goes into quotes.");
    }

    /// <summary>Describes which database it is, without a password.</summary>
    private static string NameOf(string postgres)
    {
        var parts = new NpgsqlConnectionStringBuilder(postgres);
        return $"PostgreSQL database {parts.Database ?? parts.Username} at {parts.Host}";
    }

    private static CommandException Refuse(string why) =>
        CommandException.BadInput($"the cluster is up, and {why}. Run `sweep cluster down` first; sweeps go on where they were.");

    private static int? InRange(string option, int? value, int most) =>
        value is < 1 || value > most ? throw CommandException.BadInput($"{option}: {value} is outside 1..{most}.") : value;

    private static string Count(int n, string noun) => n == 1 ? $"1 {noun}" : $"{n} {noun}s";

    /// <summary>The values that the command line gives. A value is null where the command line leaves it out.</summary>
    private sealed record UpRequest
    {
        public required int? Silos { get; init; }

        public required int? Slots { get; init; }

        public required long? Memory { get; init; }

        public required string? Postgres { get; init; }

        public required bool? Alone { get; init; }

        public required long? CacheSize { get; init; }

        public required bool Trace { get; init; }
    }
}
