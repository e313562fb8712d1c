using System.Text.Json;
using System.Globalization;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Spectre.Console;

namespace Client.Rendering;

/// <summary>Writes numbers, times and states as tables show them.</summary>
internal static class Words
{
    public const string None = "–";

    public static string Metric(double? value) => value is not { } v ? None
        : double.IsNaN(v) ? "NaN"
        : Math.Abs(v) is >= 1e-3 and < 1e4 or 0 ? v.ToString("0.0000", CultureInfo.InvariantCulture)
        : v.ToString("0.###e0", CultureInfo.InvariantCulture);

    /// <summary>Writes the deviation in the same form as the mean beside it.</summary>
    public static string Deviation(double deviation, double? mean) =>
        Metric(mean).Contains('e') ? Metric(deviation) : deviation.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>The word for a choice, as a file writes it.</summary>
    public static string Wire<T>(T choice) where T : struct, Enum => JsonSerializer.SerializeToElement(choice).GetString()!;

    public static string Count(long n) => n.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Writes numbers as ranges, such as "1–4, 7".</summary>
    public static string Numbers(IEnumerable<int> numbers) => string.Join(", ", EpochRange.Of(numbers));

    /// <summary>Writes a count with its noun, such as "1 trial" or "1,200 trials".</summary>
    public static string Count(long n, string noun) => n == 1 ? $"1 {noun}" : $"{Count(n)} {noun}s";

    public static string Span(TimeSpan? time) => time is not { } t ? None
        : t.TotalHours >= 1 ? $"{(int)t.TotalHours}h {t.Minutes:00}m"
        : t.TotalMinutes >= 1 ? $"{t.Minutes}m {t.Seconds:00}s"
        : t.TotalSeconds >= 1 ? $"{t.TotalSeconds:0.0} s"
        : t.TotalMilliseconds >= 1 ? $"{t.TotalMilliseconds:0} ms"
        : $"{t.TotalMilliseconds:0.0} ms";

    public static string Seconds(double? seconds) => seconds is { } s ? Span(TimeSpan.FromSeconds(s)) : None;

    public static string When(DateTimeOffset? time) =>
        time is { } t ? t.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : None;

    public static string ShortWhen(DateTimeOffset time) => time.ToLocalTime().ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Name(Objective objective) =>
        $"{objective.Metric} ({(objective.At == ReadAt.Best ? "best" : "last")} epoch, " +
        $"{objective.Goal.ToString().ToLowerInvariant()})";

    /// <summary>Writes a line of CSV as RFC 4180 has it, with \n.</summary>
    public static string CsvLine(IEnumerable<string> cells) => $"{string.Join(',', cells.Select(Quoted))}\n";

    /// <summary>Writes a number with all its digits, or nothing for none.</summary>
    public static string CsvNumber(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";

    public static string Marked(TrialState state) => Marked(state.ToString(), Colour(state));

    public static string Marked(SweepState state) => Marked(state.ToString(), state switch
    {
        SweepState.Completed => "green",
        SweepState.Failed => "red",
        SweepState.Cancelled or SweepState.Paused => "yellow",
        _ => "blue",
    });

    public static string Colour(TrialState state) => state switch
    {
        TrialState.Completed => "green",
        TrialState.Failed => "red",
        TrialState.Running => "blue",
        TrialState.Stopped or TrialState.Cancelled or TrialState.Paused => "yellow",
        _ => "grey",
    };

    /// <summary>Writes the states that occur, such as "12 completed, 2 running".</summary>
    public static IEnumerable<(TrialState State, int Count)> NonZero(TrialCounts counts) => new[]
    {
        (TrialState.Completed, counts.Completed), (TrialState.Running, counts.Running), (TrialState.Pending, counts.Pending),
        (TrialState.Paused, counts.Paused), (TrialState.Stopped, counts.Stopped), (TrialState.Failed, counts.Failed),
        (TrialState.Cancelled, counts.Cancelled),
    }.Where(c => c.Item2 > 0);

    public static string Plain(TrialCounts counts) =>
        string.Join(", ", NonZero(counts).Select(c => $"{c.Count} {c.State.ToString().ToLowerInvariant()}"));

    public static string Marked(TrialCounts counts) =>
        string.Join(", ", NonZero(counts).Select(c => Marked($"{c.Count} {c.State.ToString().ToLowerInvariant()}", Colour(c.State))));

    public static string Marked(string text, string colour) => $"[{colour}]{Markup.Escape(text)}[/]";
}
