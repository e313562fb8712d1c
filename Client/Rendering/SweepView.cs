using Grains.Interfaces.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Rendering;

/// <summary>Sweeps as a table, one as a card.</summary>
internal static class SweepView
{
    public static object Json(SweepSummary s) => new
    {
        id = s.Id.Value,
        s.Name,
        s.State,
        s.Reason,
        s.Submitted,
        s.Ended,
        trials = new
        {
            s.Trials.Total,
            s.Trials.Pending,
            s.Trials.Running,
            s.Trials.Paused,
            s.Trials.Completed,
            s.Trials.Stopped,
            s.Trials.Failed,
            s.Trials.Cancelled,
        },
        s.EpochsDone,
        s.EpochsAsked,
        s.EpochsTrained,
        s.EpochsToTrain,
        s.Best,
        s.BestTrial,
        s.Objective,
        s.TraceId,
    };

    public static Table Table(IEnumerable<SweepSummary> sweeps)
    {
        var table = Output.NewTable("ID", "state", "trials", ">epochs", ">best", "objective", "submitted", ">took");
        foreach (var s in sweeps)
        {
            table.AddRow(Markup.Escape(s.Id.Value), Words.Marked(s.State), Words.Marked(s.Trials), Epochs(s), Best(s), Words.Name(s.Objective.Metric),
                Words.When(s.Submitted), Words.Span(s.Ended - s.Submitted));
        }
        return table;
    }

    public static IRenderable Card(SweepSummary s)
    {
        var grid = new Grid().AddColumn().AddColumn();
        void Row(string name, string markup) => grid.AddRow($"[grey]{name}[/]", markup);
        Row("ID", Markup.Escape(s.Id.Value));
        Row("name", Markup.Escape(s.Name));
        Row("state", Words.Marked(s.State));
        if (s.Reason is not null) Row("reason", Words.Marked(s.Reason, "red"));
        Row("trials", $"{s.Trials.Total}: {Words.Marked(s.Trials)}");
        Row("epochs", $"{Epochs(s)}, {Words.Count(s.EpochsTrained)} trained for this sweep{(s.EpochsDone > s.EpochsTrained ? $", {Words.Count(s.EpochsDone - s.EpochsTrained)} reused" : "")}");
        Row("objective", Markup.Escape(Words.Name(s.Objective)));
        Row("best", s.BestTrial is { } trial ? $"{Best(s)} (trial {trial})" : Best(s));
        Row("submitted", Words.When(s.Submitted));
        if (s.Ended is { } ended) Row("ended", $"{Words.When(ended)}, after {Words.Span(ended - s.Submitted)}");
        if (s.TraceId is not null) Row("trace", Markup.Escape(s.TraceId));
        return grid;
    }

    private static string Epochs(SweepSummary s) => $"{Words.Count(s.EpochsDone)}/{Words.Count(s.EpochsAsked)}";

    private static string Best(SweepSummary s) => Words.Metric(s.Best);
}
