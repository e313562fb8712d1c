using Grains.Interfaces.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Rendering;

/// <summary>Renders sweeps as a table, and one sweep as a card.</summary>
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
        digest = s.Digest?.Value,
        s.Notes,
        search = s.Search is { } search
            ? new { search.Sampler, search.Scheduler, search.Proposed, search.Planned, search.Rungs, search.OnRung }
            : null,
    };

    /// <summary>Returns one line such as "rates-p8qn6n (rates): Running, 12 trials: 3 completed, 9 pending".</summary>
    public static string Line(SweepSummary s)
    {
        string trials = s.Trials.Total == 0 ? "no trials yet" : $"{Words.Count(s.Trials.Total, "trial")}: {Words.Plain(s.Trials)}";
        return $"{s.Id} ({s.Name}): {s.State}, {trials}";
    }

    public static FittingTable Table(IReadOnlyCollection<SweepSummary> sweeps) => new FittingTable()
        .Add("ID", sweeps.Select(s => Markup.Escape(s.Id.Value)))
        .Add("state", sweeps.Select(s => Words.Marked(s.State)))
        .Add("trials", sweeps.Select(s => Words.Marked(s.Trials)), shorter: sweeps.Select(Ended))
        .Add("epochs", sweeps.Select(Epochs), number: true)
        .Add("best", sweeps.Select(Best), number: true)
        .Add("objective", sweeps.Select(s => s.Objective.Metric))
        .Add("submitted", sweeps.Select(s => Words.When(s.Submitted)), shorter: sweeps.Select(s => Words.ShortWhen(s.Submitted)))
        .Add("took", sweeps.Select(s => Words.Span(s.Ended - s.Submitted)), number: true)
        .Giving("objective", "took", "epochs", "submitted", "best", "trials", "state")
        .Elsewhere("--format json has them");

    /// <summary>Returns the trials that have ended, such as "12/20", and how many of them failed.</summary>
    private static string Ended(SweepSummary s)
    {
        int ended = s.Trials.Completed + s.Trials.Stopped + s.Trials.Failed + s.Trials.Cancelled;
        return $"{ended}/{s.Trials.Total}" +
            (s.Trials.Failed > 0 ? $" {Words.Marked($"{s.Trials.Failed} failed", Words.Colour(TrialState.Failed))}" : "");
    }

    public static IRenderable Card(SweepSummary s)
    {
        var grid = new Grid().AddColumn().AddColumn();
        void Row(string name, string markup) => grid.AddRow($"[grey]{name}[/]", markup);
        Row("ID", Markup.Escape(s.Id.Value));
        Row("name", Markup.Escape(s.Name));
        Row("state", Words.Marked(s.State));
        if (s.Reason is not null) Row("reason", Words.Marked(s.Reason, "red"));
        foreach (string note in s.Notes) Row("note", Words.Marked(note, "yellow"));
        Row("trials", $"{s.Trials.Total}: {Words.Marked(s.Trials)}");
        if (s.Search is { } search) Row("search", SearchOf(search));
        Row("epochs", $"{Epochs(s)}, {Words.Count(s.EpochsTrained)} trained for this sweep" +
            $"{(s.EpochsDone > s.EpochsTrained ? $", {Words.Count(s.EpochsDone - s.EpochsTrained)} reused" : "")}");
        Row("objective", Markup.Escape(Words.Name(s.Objective)));
        Row("best", s.BestTrial is { } trial ? $"{Best(s)} (trial {trial})" : Best(s));
        Row("submitted", Words.When(s.Submitted));
        if (s.Ended is { } ended) Row("ended", $"{Words.When(ended)}, after {Words.Span(ended - s.Submitted)}");
        if (s.Digest is { } digest) Row("digest", digest.Value);
        if (s.TraceId is not null) Row("trace", Markup.Escape(s.TraceId));
        return grid;
    }

    /// <summary>Returns one line such as "auto, asha: 40 of 40 points; trials that came to each rung: 40 to 3, 14 to 9 epochs".</summary>
    private static string SearchOf(SearchStatus search)
    {
        string rungs = string.Join(", ", search.Rungs.Zip(search.OnRung, (epochs, trials) => $"{Words.Count(trials)} to {epochs}"));
        string came = search.Rungs.Length == 1 ? "" : $"; trials that came to each rung: {rungs} epochs";
        return $"{Words.Wire(search.Sampler)}, {Words.Wire(search.Scheduler)}: {Words.Count(search.Proposed)} of " +
            $"{Words.Count(search.Planned, "point")}{came}";
    }

    private static string Epochs(SweepSummary s) => $"{Words.Count(s.EpochsDone)}/{Words.Count(s.EpochsAsked)}";

    private static string Best(SweepSummary s) => Words.Metric(s.Best);
}
