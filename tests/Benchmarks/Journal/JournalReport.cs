using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Benchmarks.Journal;

/// <summary>Writes docs/benchmarks/journal.md.</summary>
internal static class JournalReport
{
    private const double Aim = 40, FlatAim = 0.9, ReadyAim = 2;

    public static string Of(IReadOnlyList<Turn> turns, double[] warming, double load, int trials, ColdCoordinator? cold, SweepResult? large)
    {
        double Middle(Func<Turn, double> value) => turns.Select(value).Order().ElementAt(turns.Count / 2);
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"""
            # The journal's speed
            Written by `dotnet run -c Release --project tests/Benchmarks -- journal` on a machine with {Environment.ProcessorCount} processors ({Machine.Processor}), {RuntimeInformation.OSDescription}, .NET {Environment.Version}.

            Ours: a sweep of {trials:N0} trainings whose computing costs nothing, with {Sweep.Epochs} measurements each, on one silo with {Sweep.Slots} slots: planned and prepared, leased from the
            broker, a training grain each, every measurement (with its confusion matrices) durably in a SQLite journal with `synchronous=FULL` before the next, three checkpoints at
            the end, and the coordinator's last word. Membership is in memory and no spans are kept. {warming.Length} such sweeps went before, while code was still
            compiled: they ran at {string.Join(", ", warming.Select(r => r.ToString("F0", CultureInfo.InvariantCulture)))} trainings/s. Rate: from the commit
            of the demands to the last trial's end. Optuna {turns[0].Optuna.Version}: the first {OptunaPeer.Trials} trials of a new study on SQLite with one process and a random sampler, up to 10 reports each; two
            thirds are pruned after the first. CPU time is of all threads of the process.

            | turn | Optuna, trials/s | ours, trainings/s | ratio | Optuna, CPU ms/trial | ours, CPU ms/trial |
            |---|---|---|---|---|---|
            """);
        for (int i = 0; i < turns.Count; i++) text.AppendLine(turns[i].Row(i + 1));
        text.AppendLine(CultureInfo.InvariantCulture, $"| median | {Middle(t => t.Optuna.Rate):F1} | {Middle(t => t.Ours.Rate):F0} | " +
            $"**{Middle(t => t.Ratio):F0}×** (aim: {Aim}×) | {Middle(t => t.Optuna.Cpu):F1} | {Middle(t => t.Ours.Cpu):F2} |");
        double middle = Middle(t => t.Optuna.Cpu) / Middle(t => t.Ours.Cpu);
        text.AppendLine(CultureInfo.InvariantCulture, $"\nBy CPU time, which depends less on what else the machine does, " +
            $"a trial of Optuna costs {middle:F0} times what one of ours does. Optuna's one process can use one core, " +
            $"ours all {Environment.ProcessorCount}.");
        string remark = load < 1
            ? "."
            : ": **the machine was not idle**, " +
                "and the ratio of the rates then favours whoever has more threads and fewer flushes, which is us.";
        text.AppendLine(CultureInfo.InvariantCulture, $"Load average before the first turn: {load:F1}{remark}");
        text.AppendLine(CultureInfo.InvariantCulture, $"\nThat is {Sweep.Epochs * Middle(t => t.Ours.Rate):N0} durable measurements per " +
            $"second. A flush of 4 KB to this disk takes {Flushes.Milliseconds():F2} ms (median), " +
            $"so without group commit it would be {1000 / Flushes.Milliseconds():N0} at most.");
        if (large is not null) text.Append(Large(large));
        if (cold is not null) text.Append(Cold(cold));
        return text.ToString();
    }

    private static string Large(SweepResult large)
    {
        var text = new StringBuilder();
        double Around(int trial) => large.Rates[Math.Clamp(trial / 2000 - 1, 0, large.Rates.Length - 1)];
        text.AppendLine(CultureInfo.InvariantCulture, $"""

            ## One sweep of {large.Trials:N0} trials
            | trials ended | rate, trainings/s |
            |---|---|
            """);
        foreach (int trial in new[] { 2_000, 10_000, 20_000, 40_000, 60_000, 80_000, 100_000 }.Where(t => t <= large.Trials))
            text.AppendLine(CultureInfo.InvariantCulture, $"| {trial:N0} | {Around(trial):F0} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"""

            Each over 2,000 trials. At the end it is {Around(large.Trials) / Around(2000):F2} of what it is at 2,000 (aim: {FlatAim}); over the whole {large.Rate:F0}/s, CPU {large.Cpu:F2} ms per trial. Preparing took {large.Preparing:F1} s,
            the digest after the last trial {large.Finishing:F1} s. The journal holds **{large.BytesPerTrial:N0} bytes per trial**, a trial being {Sweep.Epochs} measurements, a lease, three checkpoint rows, its recipe and its events.
            """);
        return text.ToString();
    }

    private static string Cold(ColdCoordinator cold) => string.Create(CultureInfo.InvariantCulture, $"""

        ## A cold coordinator
        A silo starts on the journal of a sweep of {cold.Trials:N0} trials, all of them open, and the coordinator is called. It answers after **{cold.Ready:F2} s** (aim: {ReadyAim} s) and then holds **{cold.Bytes:F0} bytes
        of memory per trial**. After another {cold.Caught:F2} s it has looked at every training and the broker has them all in its queue, at {cold.QueueBytes:F0} bytes per waiting training. It reads on threads of the pool, off
        the grain's turn: calls of another grain, made one after the other all the while, took at most {cold.SlowestCall:F1} ms (before, with nothing going on: {cold.SlowestBefore:F1} ms).

        """);
}

/// <summary>Measures what the disk does by itself.</summary>
internal static class Flushes
{
    private static double? _milliseconds;

    /// <summary>Returns the median time of 200 appends of 4 KB, each flushed.</summary>
    public static double Milliseconds()
    {
        if (_milliseconds is { } known) return known;
        using var folder = new ScratchFolder();
        using var file = new FileStream(Path.Combine(folder.Path, "flush"), FileMode.CreateNew);
        byte[] page = new byte[4096];
        var times = Enumerable.Range(0, 200).Select(_ =>
        {
            long begin = System.Diagnostics.Stopwatch.GetTimestamp();
            file.Write(page);
            file.Flush(flushToDisk: true);
            return System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        }).Order().ToList();
        return (_milliseconds = times[100]).Value;
    }
}
