using System.Globalization;
using System.Text;
using Grains.Analysis.Effects;
using Tests.Shared;

namespace Benchmarks.Effects;

/// <summary>
/// Holds the intervals of `sweep compare` against sweeps whose truth is known: how often they hold it, how often nothing is taken for
/// something, and how often something is found. Other ways to take an interval stand beside them.
/// </summary>
internal static class EffectsBenchmark
{
    private static readonly int[] s_replicates = [3, 5, 20];

    public static int Run(string[] args)
    {
        int draws = int.Parse(Arguments.Value(args, "--draws", "2000"), CultureInfo.InvariantCulture);
        int replicates = int.Parse(Arguments.Value(args, "--replicates", "100"), CultureInfo.InvariantCulture);
        var (first, again) = LargeSweep.Ask(replicates).GetAwaiter().GetResult();
        string report = $"""
            # Are the effects right?
            Written by `dotnet run -c Release --project tests/Benchmarks -- effects`: {draws:N0} simulated sweeps per cell. Each is a grid
            of settings a (2 values), b (3) and c (2) under 3, 5 or 20 replicates. Configurations are given, and differ beyond their
            settings' effects (deviation 1). A replicate adds to all of its trials (deviation 1), to all trials of one value of a setting (0.5), and
            to each trial alone (0.7). Six pairs of a replicate thus share their replicate's luck.
            [ADR 20](../adr/0020-replicates-are-the-random-unit.md) tells what follows from it.

            ## Coverage of the 95 % interval, in %
            Wanted: 93 to 97. `sweep compare` averages the differences within each replicate and takes Student's t over the averages.

            {Coverage(draws, interaction: 1)}
            The same where configurations differ by their settings' effects alone:

            {Coverage(draws, interaction: 0)}
            ## Coverage where trials are missing
            5 % of the trials have diverged, and the last replicate has finished 5 of 12 configurations. The true effect is the same in each
            configuration.

            {Gaps(draws)}
            ## Something found where there is nothing, in %
            All effects are zero, and `sweep effects` makes four comparisons. Wanted: at most 6.

            {FamilyWise(draws)}
            ## Found effects, in %, beside theory
            Theory is the power of the t test over replicates, from the noncentral t.

            {PowerTable(draws)}
            ## How long it takes
            `sweep effects` of a sweep of {100 * replicates:N0} trials with 10 epochs each, asked of a silo with a SQLite journal: {first:0.0} s,
            and {again:0.0} s when asked again.
            """;
        Console.WriteLine(report);
        Repository.Write("docs/benchmarks/effects.md", report);
        return 0;
    }

    private static SimulatedSweep Sweep(int replicates) => new()
    {
        Factors = [("a", [0, 0.8]), ("b", [0, 0.2, -0.3]), ("c", [0, 1])],
        Replicates = replicates,
        Interaction = 1,
    };

    private static string Coverage(int draws, double interaction)
    {
        var table = new StringBuilder("""
            | replicates | `sweep compare` | its half-width, mean | BCa bootstrap over replicates | t over all pairs, as if independent |
            |---|---|---|---|---|

            """);
        foreach (int replicates in s_replicates)
        {
            var sweep = Sweep(replicates) with { Interaction = interaction };
            double truth = sweep.Truth(0, 1), width = 0;
            int held = 0, naive = 0, bootstrap = 0;
            for (int i = 0; i < draws; i++)
            {
                var effect = sweep.Table(i).Compare("a", null).Effects[0];
                width += (effect.High!.Value - effect.Low!.Value) / 2 / draws;
                if (effect.Low <= truth && truth <= effect.High) held++;
                double[][] differences = Differences(sweep, i);
                var all = ReplicateInterval.Of([.. differences.SelectMany(d => d)]);
                if (all.Low <= truth && truth <= all.High) naive++;
                var (low, high) = Bootstrap.Bca([.. differences.Select(d => d.Average())], seed: i);
                if (low <= truth && truth <= high) bootstrap++;
            }
            table.AppendLine(CultureInfo.InvariantCulture,
                $"| {replicates} | **{Percent(held, draws)}** | {width:0.00} | {Percent(bootstrap, draws)} | {Percent(naive, draws)} |");
        }
        return table.ToString();
    }

    /// <summary>The differences of the pairs of the first setting, by replicate.</summary>
    private static double[][] Differences(SimulatedSweep sweep, long seed) =>
    [
        .. sweep.Draw(seed).GroupBy(t => t.Replicate).Select(r => r.GroupBy(t => $"{t.Settings["b"]} {t.Settings["c"]}")
            .Select(g => g.Single(t => $"{t.Settings["a"]}" == "1").Value - g.Single(t => $"{t.Settings["a"]}" == "0").Value).ToArray()),
    ];

    private static string Gaps(int draws)
    {
        var table = new StringBuilder("| replicates | coverage | pairs used, mean | of |\n|---|---|---|---|\n");
        foreach (int replicates in s_replicates)
        {
            var sweep = Sweep(replicates) with { Interaction = 0, Failing = 0.05, FinishedOfTheLast = 5 };
            int held = 0, told = 0;
            double pairs = 0;
            for (int i = 0; i < draws; i++)
            {
                var effect = sweep.Table(i).Compare("a", null).Effects[0];
                pairs += (double)effect.Pairs / draws;
                if (effect.Low is null) continue;
                told++;
                if (effect.Low <= 0.8 && 0.8 <= effect.High) held++;
            }
            table.AppendLine(CultureInfo.InvariantCulture,
                $"| {replicates} | **{Percent(held, told)}** | {pairs:0.0} | {6 * replicates} |");
        }
        return table.ToString();
    }

    private static string FamilyWise(int draws)
    {
        var table = new StringBuilder("| replicates | with Holm's correction | without |\n|---|---|---|\n");
        foreach (int replicates in s_replicates)
        {
            var sweep = Sweep(replicates) with { Factors = [("a", [0, 0]), ("b", [0, 0, 0]), ("c", [0, 0])], Interaction = 0 };
            int corrected = 0, plain = 0;
            for (int i = 0; i < draws; i++)
            {
                var effects = sweep.Table(i).Effects().Factors.SelectMany(f => f.Effects).ToList();
                if (effects.Any(e => e.IsFound)) corrected++;
                if (effects.Any(e => e.P <= 0.05)) plain++;
            }
            table.AppendLine($"| {replicates} | **{Percent(corrected, draws)}** | {Percent(plain, draws)} |");
        }
        return table.ToString();
    }

    private static string PowerTable(int draws)
    {
        var table = new StringBuilder("| replicates | true difference | found | theory |\n|---|---|---|---|\n");
        foreach (var (replicates, difference) in ((int, double)[])[(3, 1), (3, 2), (5, 0.8), (5, 1.6), (20, 0.4), (20, 0.6)])
        {
            var sweep = Sweep(replicates) with { Interaction = 0 };
            sweep = sweep with { Factors = [("a", [0, difference]), .. sweep.Factors[1..]] };
            int found = Enumerable.Range(0, draws).Count(i => sweep.Table(i).Compare("a", null).Effects[0].IsFound);
            double theory = StudentT.Power(difference / sweep.DeviationOf(0), replicates, ReplicateInterval.Level);
            table.AppendLine(CultureInfo.InvariantCulture,
                $"| {replicates} | {difference} | {Percent(found, draws)} | {100 * theory:0.0} |");
        }
        return table.ToString();
    }

    private static string Percent(int count, int of) => (100.0 * count / of).ToString("0.0", CultureInfo.InvariantCulture);
}
