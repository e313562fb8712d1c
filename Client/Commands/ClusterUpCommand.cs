using System.CommandLine;
using Client.LocalCluster;
using Client.Rendering;

namespace Client.Commands;

internal static class ClusterUpCommand
{
    private const int DefaultSilos = 3, DefaultSlots = 1, MostSilos = 64, MostSlots = 1024;

    public static Command Create()
    {
        var silos = new Option<int?>("--silos") { Description = $"Silo processes. Default: {DefaultSilos}, or as many as run.", HelpName = "N" };
        var slots = new Option<int?>("--slots") { Description = $"Trainings at a time in each silo. Default: {DefaultSlots}, or what runs.", HelpName = "N" };
        var postgres = new Option<string?>("--postgres")
        {
            Description = "Keep membership and journal in this PostgreSQL database. Default: SQLite files in the home, or what the home began with.",
            HelpName = "CONNECTION",
        };
        var alone = new Option<bool>("--no-supervisor") { Description = "Start the silos and leave them: nobody restarts one that dies or kills one that hangs." };
        var cacheSize = CacheCommand.Size("Disk budget of checkpoints: the least valuable go first. Kept from one run to the next. Default: what was set, at first none.");
        var trace = Verb.TraceConsole();
        var command = new Command("up", "Starts the cluster and waits until all its silos answer. Harmless when it runs; more silos than run are added.") { silos, slots, postgres, alone, cacheSize, trace };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int? wantedSilos = InRange("--silos", parsed.GetValue(silos), MostSilos), wantedSlots = InRange("--slots", parsed.GetValue(slots), MostSlots);
            var home = SweepHome.Default();
            using var one = await LocalClusterControl.LockUp(home, cancellationToken);
            string? database = Database(home, parsed.GetValue(postgres));
            var state = ClusterState.Read(home);
            var wanted = (Silos: wantedSilos ?? DefaultSilos, Slots: wantedSlots ?? DefaultSlots, Trace: parsed.GetValue(trace));
            int code = state is { IsSupervised: true } ? await Extend(home, state, wantedSilos, wantedSlots, cancellationToken)
                : parsed.GetValue(alone) ? await StartUnattended(home, wantedSilos ?? state?.Silos.Count ?? DefaultSilos, wanted.Slots, database, wanted.Trace, cancellationToken)
                : await Start(home, wanted.Silos, wanted.Slots, database, wanted.Trace, cancellationToken);
            if (code == ExitCodes.Done && parsed.GetValue(cacheSize) is { } size) await SetCacheSize(home, size, cancellationToken);
            return code;
        });
        return command;
    }

    private static async Task<int> Start(SweepHome home, int silos, int slots, string? postgres, bool traceConsole, CancellationToken cancellationToken)
    {
        await LocalClusterControl.Stop(home); // what a supervisor that was killed has left
        ClusterPlan.Of(silos, slots, ClusterPlan.Read(home), postgres).Write(home);
        using var supervisor = LocalClusterControl.StartSupervisor(home, lifeline: false, ephemeral: false, traceConsole);
        try
        {
            await LocalClusterControl.WaitUntilReady(home, silos, supervisor, cancellationToken);
        }
        catch
        {
            if (!supervisor.HasExited) Posix.Terminate(supervisor.Id);
            await LocalClusterControl.Stop(home);
            throw;
        }
        Output.Line($"The cluster is up: {Count(silos, "silo")} × {Count(slots, "slot")} in {home.Path}.");
        return ExitCodes.Done;
    }

    private static async Task<int> StartUnattended(
        SweepHome home, int silos, int slots, string? postgres, bool traceConsole, CancellationToken cancellationToken)
    {
        // What runs keeps its ports; only those that are missing are started.
        var plan = ClusterState.Read(home) is { IsUnattended: true } && ClusterPlan.Read(home) is { } old && old.Silos.Count >= silos
            ? old : ClusterPlan.Of(silos, slots, ClusterPlan.Read(home), postgres);
        plan.Write(home);
        Unattended.Start(home, plan, traceConsole);
        await LocalClusterControl.WaitUntilReady(home, plan.Silos.Count, supervisor: null, cancellationToken);
        Output.Line($"The cluster is up, with no supervisor: {Count(plan.Silos.Count, "silo")} × {Count(plan.Slots, "slot")} in {home.Path}.");
        return ExitCodes.Done;
    }

    /// <summary>A home stays with the kind of database that it began with: its sweeps are in there.</summary>
    private static string? Database(SweepHome home, string? postgres)
    {
        string? previous = ClusterPlan.Read(home)?.Postgres;
        if (postgres is not null && previous is null && File.Exists(home.JournalFile))
            throw CommandException.BadInput($"--postgres: the sweeps of {home.Path} are in its SQLite files. Set {SweepHome.Variable} to another folder.");
        return postgres ?? previous;
    }

    private static async Task<int> Extend(SweepHome home, ClusterState running, int? silos, int? slots, CancellationToken cancellationToken)
    {
        var plan = ClusterPlan.Read(home) ?? ClusterPlan.Of(running.Silos.Count, running.Slots, null);
        if (slots is not null && slots != plan.Slots)
            throw Refuse($"it runs with {Count(plan.Slots, "slot")} a silo, not {slots}");
        if (silos < plan.Silos.Count)
            throw Refuse($"it runs {Count(plan.Silos.Count, "silo")}, more than the {silos} asked for");
        if (running.Silos.FirstOrDefault(s => s.GivenUp is not null) is { } lost)
            throw CommandException.NoCluster($"the cluster is up, but {lost.Name} {lost.GivenUp}. Run `sweep cluster down`, then `sweep cluster up`.");

        int wanted = silos ?? plan.Silos.Count;
        bool grows = wanted > plan.Silos.Count;
        if (grows) plan.GrownTo(wanted).Write(home);
        await LocalClusterControl.WaitUntilReady(home, wanted, supervisor: null, cancellationToken);
        Output.Line(grows
            ? $"The cluster has grown from {plan.Silos.Count} to {Count(wanted, "silo")}."
            : $"The cluster is already up: {Count(wanted, "silo")} × {Count(plan.Slots, "slot")} in {home.Path}.");
        return ExitCodes.Done;
    }

    private static async Task SetCacheSize(SweepHome home, long size, CancellationToken cancellationToken)
    {
        await using var connection = await ClusterConnection.Open(home, cancellationToken);
        await ClusterConnection.Ask(() => connection.Cache.SetSize(size, cancellationToken), cancellationToken);
        Output.Line($"Checkpoints may take {ByteSize.Text(size)}.");
    }

    private static CommandException Refuse(string why) =>
        CommandException.BadInput($"the cluster is up, and {why}. Run `sweep cluster down` first; sweeps go on where they were.");

    private static int? InRange(string option, int? value, int most) =>
        value is < 1 || value > most ? throw CommandException.BadInput($"{option}: {value} is outside 1..{most}.") : value;

    private static string Count(int n, string noun) => n == 1 ? $"1 {noun}" : $"{n} {noun}s";
}
