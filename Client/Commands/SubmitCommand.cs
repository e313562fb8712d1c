using System.CommandLine;
using Client.Chaos;
using Client.Connecting;
using Client.Rendering;
using Client.Telemetry;
using Client.Watching;
using Grains.Interfaces.Model;

namespace Client.Commands;

internal static class SubmitCommand
{
    private const int DefaultFaults = 10, MostFaults = 10_000;

    public static Command Create()
    {
        var file = Verb.SpecFile();
        var watch = new Option<bool>("--watch", "-w") { Description = "Follow the sweep until it ends." };
        var noReuse = new Option<bool>("--no-reuse")
        {
            Description = "Train every trial for itself, from its first weights. Recipes and digest are the same.",
        };
        var key = new Option<string?>("--key")
        {
            Description = "Names this submission: submitted again with the same key and file, it is the same sweep.",
            HelpName = "KEY",
        }.NotEmpty();
        var chaos = new Option<long?>("--chaos")
        {
            Description = "Strike the home's own cluster while the sweep runs, in an order that is a function of SEED: " +
                "kill -9 of a silo, of the coordinator's, of all; "
                + "SIGSTOP, with and without SIGCONT; SIGTERM. The digest stays what it is without.",
            HelpName = "SEED",
        };
        var faults = new Option<int?>("--faults") { Description = $"How often --chaos strikes. Default: {DefaultFaults}.", HelpName = "N" };
        var format = Verb.Format();
        var trace = Verb.TraceConsole();
        var command = new Command("submit",
            "Submits a sweep file to the cluster.") { file, watch, noReuse, key, chaos, faults, format, trace };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var schedule = Schedule(parsed.GetValue(chaos), parsed.GetValue(faults));
            var source = SpecFile.Read(parsed.GetRequiredValue(file));
            // Mistakes are reported before a cluster is asked.
            var spec = SpecCheck.Read(source);
            byte[]? package = SpecCheck.Pack(source, spec);
            await using var connection = await ClusterConnection.Open(SweepHome.Default(), cancellationToken);
            if (schedule is not null) await ChaosRun.RequireLocal(connection, cancellationToken);
            using var tracing = new ClientTracing(parsed.GetValue(trace));
            var id = await Submission.Submit(connection, spec.Name, source, tracing, cancellationToken, parsed.GetValue(noReuse),
                key: parsed.GetValue(key), package: package);
            bool json = parsed.GetValue(format) == Verb.Json;
            if (json) Output.Json(new { id = id.Value });
            else Output.Line(id.Value);
            // This line goes to standard error, because standard output carries the ID alone.
            if (await Submission.WaitUntilPrepared(connection, id, cancellationToken) is { EpochsToTrain: { } toTrain } summary)
                await Console.Error.WriteLineAsync(ReuseView.Text(summary.EpochsAsked, toTrain));
            if (schedule is not null)
                return await Strike(connection, id, parsed.GetValue(chaos)!.Value, schedule, beside: json, cancellationToken);
            return parsed.GetValue(watch)
                ? Watcher.ExitCode(await Watcher.Follow(connection, id, cancellationToken, beside: json))
                : ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Returns null without --chaos.</summary>
    private static IReadOnlyList<Fault>? Schedule(long? seed, int? faults) => (seed, faults) switch
    {
        (null, null) => null,
        (null, { } n) => throw CommandException.BadInput($"--faults: {n} faults of which seed? Give --chaos SEED too."),
        (_, < 1 or > MostFaults) => throw CommandException.BadInput($"--faults: {faults} is outside 1..{MostFaults}."),
        ({ } s, _) => ChaosSchedule.Of(s, faults ?? DefaultFaults),
    };

    /// <param name="beside">Lines on standard error, where standard output carries JSON.</param>
    private static async Task<int> Strike(
        ClusterConnection connection, SweepId id, long seed, IReadOnlyList<Fault> schedule, bool beside,
        CancellationToken cancellationToken)
    {
        var lines = beside ? Console.Error : Console.Out;
        lines.WriteLine($"chaos {seed}: {schedule.Count} faults for {id}");
        var struck = await new ChaosRun(connection, id, lines).Run(schedule, cancellationToken);
        if (struck.Count < schedule.Count) lines.WriteLine($"the sweep ended before fault {struck.Count + 1}");
        var ended = await Watcher.Follow(connection, id, cancellationToken, beside);
        string? digest = ResultsView.Parse(await ResultsCommand.Read(connection, id, cancellationToken)).Sweep.Digest;
        lines.WriteLine($"{ChaosRun.Tally(struck)}");
        lines.WriteLine($"digest {digest ?? "none: see `sweep trials`"}; a run without faults has the same");
        return Watcher.ExitCode(ended);
    }
}
