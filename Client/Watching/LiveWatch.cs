using Client.Rendering;
using Grains.Interfaces.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Watching;

/// <summary>Draws a bar for the sweep and for each running trial, counts by state, the best so far and the time left.</summary>
internal sealed class LiveWatch : IWatchView, IAsyncDisposable
{
    private const int BarWidth = 24, ShortBarWidth = 10, MostBars = 24;

    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    private readonly SweepProgress _progress;
    private readonly LiveDisplayContext _live;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _painter;
    private volatile string? _lost;
    private volatile bool _dirty = true;

    public LiveWatch(SweepProgress progress, LiveDisplayContext live)
    {
        _progress = progress;
        _live = live;
        _painter = Paint();
    }

    public void Show(SweepUpdate update)
    {
        _lost = null;
        _dirty = true;
    }

    public void Lost(string why)
    {
        _lost = why;
        _dirty = true;
    }

    public void End(SweepSummary summary) => _dirty = true;

    private async Task Paint()
    {
        using var timer = new PeriodicTimer(Refresh);
        while (!_stop.IsCancellationRequested)
        {
            if (_dirty)
            {
                _dirty = false;
                _live.UpdateTarget(Picture(_progress, _lost));
            }
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The caller shows the last picture.
            }
        }
    }

    public static IRenderable Picture(SweepProgress progress, string? lost = null)
    {
        if (progress.Snapshot is not { Sweep: var sweep, Active: var active }) return new Markup("[grey]waiting for the sweep …[/]");
        var rows = new List<IRenderable>
        {
            new Markup($"[bold]{Markup.Escape(sweep.Id.Value)}[/]  {Words.Marked(sweep.State)}  {Words.Marked(sweep.Trials)}"),
            new Markup($"{Bar(sweep.EpochsDone, sweep.EpochsAsked, "green", BarWidth)} epoch {sweep.EpochsDone}/{sweep.EpochsAsked}  " +
                $"{Time(progress, sweep)}"),
            new Markup($"best {Markup.Escape(progress.Best())}"),
        };
        var running = active.Where(t => t.State == TrialState.Running).OrderBy(t => t.Number).ToList();
        if (running.Count > 0)
        {
            var shown = running.Take(MostBars).ToList();
            rows.Add(new FittingTable()
                .Add("#", shown.Select(t => $"[grey]{t.Number}[/]"), number: true)
                .Add("bar", shown.Select(t => Bar(t.Epoch, t.Epochs, "blue", BarWidth)),
                    shorter: shown.Select(t => Bar(t.Epoch, t.Epochs, "blue", ShortBarWidth)))
                .Add("", shown.Select(t => $"{t.Epoch}/{t.Epochs}"))
                .Add("", shown.Select(t => Words.Metric(t.Objective)))
                .Add("silo", shown.Select(t => Words.Marked(t.Silo ?? "", "grey")))
                .Add("", [.. shown.Select(progress.LabelOf)])
                .Add("", shown.Select(t => $"[grey]r{t.Replicate}[/]"))
                .Giving("silo", "bar")
                .Bare());
            if (running.Count > MostBars) rows.Add(new Markup($"[grey]… and {running.Count - MostBars} more[/]"));
        }
        if (sweep.Reason is not null) rows.Add(new Markup(Words.Marked(sweep.Reason, "red")));
        if (lost is not null) rows.Add(new Markup($"[yellow]the cluster does not answer ({Markup.Escape(lost)}); asking again[/]"));
        return new Rows(rows);
    }

    private static string Time(SweepProgress progress, SweepSummary sweep) => sweep.Ended is { } ended
        ? $"took {Words.Span(ended - sweep.Submitted)}"
        : sweep.State.IsFinal() ? "" : progress.TimeLeft();

    private static string Bar(long done, long all, string colour, int width)
    {
        int filled = all <= 0 ? 0 : (int)Math.Clamp(done * width / all, 0, width);
        return $"[{colour}]{new string('━', filled)}[/][grey]{new string('─', width - filled)}[/]";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _painter;
        _stop.Dispose();
    }
}
