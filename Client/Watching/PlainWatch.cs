using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Watching;

/// <summary>Writes one line per trial that ends and per change of the sweep, and now and then how far the sweep is.</summary>
internal sealed class PlainWatch(SweepProgress progress, TextWriter lines) : IWatchView
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(15);

    private SweepState? _state;
    private long _lastProgress;
    private string _lastLine = "";

    public void Show(SweepUpdate update)
    {
        switch (update)
        {
            case Snapshot { Sweep: var sweep }:
                if (_state != sweep.State)
                {
                    _state = sweep.State;
                    if (!sweep.State.IsFinal())
                        lines.WriteLine($"{sweep.Id} is {sweep.State.ToString().ToLowerInvariant()}: {Counts(sweep)}");
                    _lastProgress = TimeProvider.System.GetTimestamp();
                }
                else if (!sweep.State.IsFinal() && TimeProvider.System.GetElapsedTime(_lastProgress) > ProgressInterval)
                {
                    _lastProgress = TimeProvider.System.GetTimestamp();
                    string line = $"{Counts(sweep)}, best {progress.Best()}";
                    if (line != _lastLine) lines.WriteLine(progress.TimeLeft() is { Length: > 0 } left ? $"{line}, {left}" : line);
                    _lastLine = line;
                }
                break;
            case LifecycleChanged { Trial: { } number, Kind: "Completed" or "Failed" or "Stopped" or "Cancelled" or "Paused" } change:
                string result = change.Objective is { } objective && progress.Snapshot is { } s
                    ? $": {s.Sweep.Objective.Metric} {Words.Metric(objective)}"
                    : "";
                string silo = progress.Trial(number)?.Silo is { } name ? $" on {name}" : "";
                // What failed has a cause; what a search stopped has an account.
                string reason = change.Reason is null ? "" : change.Kind == "Stopped" ? $". {change.Reason}" : $" because {change.Reason}";
                lines.WriteLine($"{progress.Name(number)} {change.Kind.ToLowerInvariant()}{silo}{result}{reason}");
                break;
        }
    }

    public void Lost(string why) => Console.Error.WriteLine($"the cluster does not answer ({why}); asking again");

    public void End(SweepSummary summary)
    {
        string took = summary.Ended is { } ended ? $" after {Words.Span(ended - summary.Submitted)}" : "";
        string reason = summary.Reason is null ? "" : $": {summary.Reason}";
        lines.WriteLine($"{summary.Id} {summary.State.ToString().ToLowerInvariant()}{took}: {Counts(summary)}, " +
            $"best {progress.Best()}{reason}");
    }

    private static string Counts(SweepSummary sweep) =>
        sweep.Trials.Total == 0 ? "no trials yet" : $"{Words.Plain(sweep.Trials)}, epoch {sweep.EpochsDone} of {sweep.EpochsAsked}";
}
