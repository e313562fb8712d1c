using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Recovery;

/// <summary>
/// Measures the time from a signal to a silo until the first measurement of the training that it had. Three silos with one slot each are
/// all busy, so that the training waits for the silo that is started anew. Meanwhile the other two must go on as if nothing had happened.
/// </summary>
internal static class RecoveryBenchmark
{
    private const string Spec = """
        name: recovery
        data: {source: xray-phantom, train: 800, validation: 60, test: 60}
        model: {kind: cnn, filters: [8, 16, 16], dense: [16], batch_norm: true}
        training: {batch_size: 32, epochs: 90000}
        parameters:
          activation: {values: [relu, tanh, elu]}
        """;

    private sealed record Fault(string Name, string Signal, double Target);

    private static readonly Fault[] Faults = [new("kill -9", "KILL", 10), new("SIGSTOP, with the supervisor", "STOP", 20)];

    public static int Run(string[] args)
    {
        int times = args is ["--faults", var n, ..] ? int.Parse(n, CultureInfo.InvariantCulture) : 20;
        using var cluster = new StruckCluster(silos: 3);
        cluster.Submit(Spec);
        var rows = new List<string>();
        int disturbed = 0;
        foreach (var fault in Faults)
        {
            var recoveries = new List<Recovery>();
            for (int i = 0; i < times; i++)
            {
                recoveries.Add(Strike(cluster, fault, i));
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault.Name} {i + 1}/{times}: {recoveries[^1]}"));
            }
            disturbed += recoveries.Sum(r => r.Disturbed);
            rows.Add(Row(fault, "leased anew", recoveries.Select(r => r.Leased)));
            rows.Add(Row(fault, "first measurement", recoveries.Select(r => r.Measured)));
            rows.Add(Row(fault, "first measurement less its epoch", recoveries.Select(r => r.Measured - r.Epoch), fault.Target));
        }
        Report(times, rows, disturbed);
        return 0;
    }

    /// <param name="Leased">Seconds from the signal until the training is leased again.</param>
    /// <param name="Measured">Until its first measurement is in the journal.</param>
    /// <param name="Epoch">How long that epoch took, of it.</param>
    /// <param name="Disturbed">Trainings of the other silos that did not stay in the attempt they were in.</param>
    private sealed record Recovery(double Leased, double Measured, double Epoch, int Disturbed);

    private sealed record Attempt
    {
        public required string Recipe { get; init; }
        public required long Number { get; init; }
        public required long Pid { get; init; }
    }

    private static Recovery Strike(StruckCluster cluster, Fault fault, int turn)
    {
        // Each training has measured something in the attempt it is in.
        var busy = cluster.Await("three silos train", () => cluster.Query<Attempt>(
            """
            SELECT a.recipe, a.attempt AS number, s.pid FROM attempt a JOIN silo s ON s.generation = a.generation
            WHERE a.ended IS NULL AND EXISTS (SELECT 1 FROM trained_epoch t WHERE t.recipe = a.recipe AND t.attempt = a.attempt) ORDER BY s.name
            """) is { Count: 3 } three ? three : null);
        var victim = busy[turn % busy.Count];
        StruckCluster.Signal(victim.Pid, fault.Signal);
        long begin = Stopwatch.GetTimestamp();

        cluster.Await("the training is leased anew", () =>
            cluster.Query<long>("SELECT attempt FROM attempt WHERE recipe = @Recipe AND attempt > @Number AND ended IS NULL",
                victim) is { Count: > 0 } leases ? leases : null);
        double leased = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        double epoch = cluster.Await("the training is measured anew", () => cluster.Query<double>(
            """
            SELECT m.seconds FROM trained_epoch t JOIN measurement m ON m.recipe = t.recipe AND m.epoch = t.epoch
            WHERE t.recipe = @Recipe AND t.attempt > @Number LIMIT 1
            """, victim) is { Count: > 0 } seconds ? seconds : null)[0];
        double measured = Stopwatch.GetElapsedTime(begin).TotalSeconds;

        int disturbed = busy.Count(other => other != victim && cluster.Query<long>(
            "SELECT attempt FROM attempt WHERE recipe = @Recipe AND attempt = @Number AND ended IS NULL", other).Count == 0);
        return new Recovery(leased, measured, epoch, disturbed);
    }

    private static string Row(Fault fault, string what, IEnumerable<double> seconds, double? target = null)
    {
        double[] sorted = [.. seconds.Order()];
        double At(double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
        string met = target is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"{sorted.Count(s => s <= limit)} of {sorted.Length} within {limit:0} s")
            : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"| {fault.Name} | {what} | {At(0):0.0} | {At(0.5):0.0} | {At(0.9):0.0} | {At(1):0.0} | {met} |");
    }

    private static void Report(int times, List<string> rows, int disturbed)
    {
        string load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[1] : "unknown";
        Repository.Write("docs/benchmarks/recovery.md", $"""
            # Recovery
            `dotnet run -c Release --project tests/Benchmarks -- recovery` writes this file. Three silos with one slot each, all busy; {times} faults of each kind, on one silo after the other.
            Seconds from the signal. The training that was cut off waits for the silo that the supervisor starts anew, since the other two are busy; it goes on from its last checkpoint, and its
            first measurement may be of an epoch that had been measured before (equal bits, so no second row).

            | fault | until | min | median | 90 % | max | aim |
            |---|---|--:|--:|--:|--:|---|
            {string.Join('\n', rows)}

            Trainings on the silos that were not struck: {disturbed} left the attempt they were in (0 is right: nothing that another silo was doing was repeated).

            ## Machine
            {TrainingBenchmark.Machine()} Load average over five minutes at the end {load}.

            """);
    }
}
