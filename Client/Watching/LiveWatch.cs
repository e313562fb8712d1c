using Client.Rendering;
using Grains.Interfaces.Model;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Client.Watching;

/// <summary>A bar for the sweep and for each running trial, counts by state, the best so far and the time left.</summary>
internal sealed class LiveWatch : IWatchView, IAsyncDisposable
{
    private const int BarWidth = 24, MostBars = 24, ShortestLabel = 12;

    /// <summary>Columns of a trial's line without its epochs, silo and label: number, bar, objective and what is between them.</summary>
    private const int AroundLabel = 4 + 2 + BarWidth + 1 + 2 + 6 + 2 + 2 + 2;

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
                // Whoever asked shows the last picture.
            }
        }
    }

    public static IRenderable Picture(SweepProgress progress, string? lost = null)
    {
        if (progress.Snapshot is not { Sweep: var sweep, Active: var active }) return new Markup("[grey]waiting for the sweep …[/]");
        var rows = new List<IRenderable>
        {
            new Markup($"[bold]{Markup.Escape(sweep.Id.Value)}[/]  {Words.Marked(sweep.State)}  {Words.Marked(sweep.Trials)}"),
            new Markup($"{Bar(sweep.EpochsDone, sweep.EpochsAsked, "green")} epoch {sweep.EpochsDone}/{sweep.EpochsAsked}  best {Markup.Escape(progress.Best())}  {Time(progress, sweep)}"),
        };
        var running = active.Where(t => t.State == TrialState.Running).OrderBy(t => t.Number).ToList();
        if (running.Count > 0)
        {
            var grid = new Grid();
            for (int i = 0; i < 5; i++) grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
            var shown = running.Take(MostBars).ToList();
            // Spectre would fold every column where one is too long.
            int room = Math.Max(ShortestLabel, Output.Terminal.Profile.Width - shown.Max(t => $"{t.Epoch}/{t.Epochs}".Length + (t.Silo ?? "").Length) - AroundLabel);
            foreach (var t in shown)
            {
                string label = $"{t.Label}, replicate {t.Replicate}";
                grid.AddRow(new Markup($"[grey]{t.Number,4}[/]"), new Markup($"{Bar(t.Epoch, t.Epochs, "blue")} {t.Epoch}/{t.Epochs}"), new Markup(Words.Metric(t.Objective)),
                    new Markup(Words.Marked(t.Silo ?? "", "grey")), new Text(label.Length <= room ? label : $"{label.AsSpan(0, room - 1)}…"));
            }
            rows.Add(grid);
            if (running.Count > MostBars) rows.Add(new Markup($"[grey]… and {running.Count - MostBars} more[/]"));
        }
        if (sweep.Reason is not null) rows.Add(new Markup(Words.Marked(sweep.Reason, "red")));
        if (lost is not null) rows.Add(new Markup($"[yellow]a silo does not answer ({Markup.Escape(lost)}); asking another[/]"));
        return new Rows(rows);
    }

    private static string Time(SweepProgress progress, SweepSummary sweep) => sweep.Ended is { } ended ? $"took {Words.Span(ended - sweep.Submitted)}"
        : sweep.State.IsFinal() ? "" : $"{Words.Span(progress.Left())} left";

    private static string Bar(long done, long all, string colour)
    {
        int filled = all <= 0 ? 0 : (int)Math.Clamp(done * BarWidth / all, 0, BarWidth);
        return $"[{colour}]{new string('━', filled)}[/][grey]{new string('─', BarWidth - filled)}[/]";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _painter;
        _stop.Dispose();
    }
}
