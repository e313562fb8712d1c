using System.Globalization;
using System.Text.Json.Nodes;
using Grains.Interfaces.Model.Metrics;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>Renders what simulated searches came to.</summary>
internal static class SimulationView
{
    private const int MostRows = 30;

    public static void Print(JsonNode simulated, Objective objective, IAnsiConsole console)
    {
        var runs = simulated["repetitions"]!.AsArray().Select(r => r!).ToList();
        var shown = runs.Take(MostRows).ToList();
        console.Write(new FittingTable()
            .Add("seed", shown.Select(r => $"{r["seed"]}"), number: true)
            .Add("trials", shown.Select(r => $"{r["trials"]}"), number: true)
            .Add("epochs", shown.Select(r => Words.Count(r["epochs"]!.GetValue<long>())), number: true)
            .Add("virtual time", shown.Select(r => Words.Span(TimeSpan.FromSeconds(r["virtualSeconds"]!.GetValue<double>()))), number: true)
            .Add("slots busy", shown.Select(r => r["busy"]!.GetValue<double>().ToString("P0", CultureInfo.InvariantCulture)), number: true)
            .Add("best", shown.Select(r => Words.Metric(Best(r))), number: true)
            .Elsewhere("--format json has them"));
        if (runs.Count > MostRows) console.Line($"… and {runs.Count - MostRows} more; --format json has them");
        var best = runs.Select(Best).OfType<double>().Order().ToList();
        if (runs.Count > 1 && best.Count > 0) console.Line($"median of the best {objective.Metric}: {Words.Metric(best[best.Count / 2])}");
        long points = runs.Sum(r => r["trials"]!.GetValue<long>()), recorded = runs.Sum(r => r["recorded"]!.GetValue<long>());
        if (recorded < points)
            console.Line($"{Words.Count(points - recorded)} of {Words.Count(points, "point")} were not recorded: " +
                "each was answered by the nearest.");
    }

    private static double? Best(JsonNode run) => run["best"]!.AsArray() is { Count: > 0 } best ? best[^1]!["value"]!.GetValue<double>() : null;
}
