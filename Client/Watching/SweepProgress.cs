using Client.Rendering;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;

namespace Client.Watching;

/// <summary>Keeps what a watcher has been told so far, and the time left that follows from it.</summary>
internal sealed class SweepProgress(TimeProvider time)
{
    /// <summary>The number of trials above which labels are not fetched for trials that do not run.</summary>
    private const int MostTrialsToFetch = 2000;
    private static readonly TimeSpan RateWindow = TimeSpan.FromMinutes(2);

    /// <summary>A rate that was watched for less than this says more about how silos start than about the sweep.</summary>
    private static readonly TimeSpan LeastWatched = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The mean number of epochs that running trials must have made. A training's first epoch is slower than the others.
    /// </summary>
    private const int LeastEpochsEach = 3;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, TrialView> _trials = [];
    private readonly Dictionary<int, Label> _labels = [];
    private readonly Queue<(long Time, long Epochs)> _rate = new();
    private long _asked;
    private bool _known;

    public Snapshot? Snapshot { get; private set; }

    /// <summary>Takes the trials once, as soon as they exist.</summary>
    public bool WantsTrials => !_known;

    public void Know(IReadOnlyCollection<TrialView> trials)
    {
        _known = trials.Count > 0;
        if (trials.Count > MostTrialsToFetch) return;
        var labels = Label.Apart([.. trials.Select(Label.Of)]);
        lock (_gate)
        {
            foreach (var (i, trial) in trials.Index())
            {
                _trials.TryAdd(trial.Number, trial);
                _labels[trial.Number] = labels[i];
            }
        }
    }

    public void Apply(SweepUpdate update)
    {
        lock (_gate)
        {
            switch (update)
            {
                case Snapshot snapshot:
                    Snapshot = snapshot;
                    foreach (var trial in snapshot.Active) _trials[trial.Number] = trial;
                    Rate(snapshot.Sweep);
                    break;
            }
        }
    }

    public void Finish(SweepSummary summary)
    {
        lock (_gate) Snapshot = new Snapshot(Snapshot?.Cursor ?? WatchCursor.Start, summary, []);
    }

    public TrialView? Trial(int number)
    {
        lock (_gate) return _trials.GetValueOrDefault(number);
    }

    /// <summary>Returns what tells the trial from the sweep's others, as far as these are known.</summary>
    public Label LabelOf(TrialView trial)
    {
        lock (_gate) return _labels.GetValueOrDefault(trial.Number) ?? Label.Of(trial);
    }

    /// <summary>Names a trial, such as "trial 3 (filters=[8, 8] dropout=0.3, replicate 2)".</summary>
    public string Name(int number) => Trial(number) is { } t
        ? $"trial {number} ({(LabelOf(t).ToString() is { Length: > 0 } label ? $"{label}, " : "")}replicate {t.Replicate})"
        : $"trial {number}";

    /// <summary>The time left, estimated from the epochs that were made while we watched. It is null until they say something.</summary>
    public TimeSpan? Left()
    {
        lock (_gate)
        {
            if (Snapshot is not { Sweep: var sweep } || _rate.Count < 2) return null;
            var (begin, before) = _rate.Peek();
            var elapsed = time.GetElapsedTime(begin);
            long done = sweep.EpochsDone - before;
            if (elapsed < LeastWatched || done < (long)LeastEpochsEach * Math.Max(1, sweep.Trials.Running)) return null;
            return elapsed * ((double)Math.Max(0, sweep.EpochsAsked - sweep.EpochsDone) / done);
        }
    }

    /// <summary>The time left as text, such as "1m 20s left". It is empty until it means something.</summary>
    public string TimeLeft() => Left() is { } left ? $"{Words.Span(left)} left" : "";

    /// <summary>
    /// Counts anew where the sweep begins, is held or grows, because epochs that are there at once were not trained in that time.
    /// </summary>
    private void Rate(SweepSummary sweep)
    {
        bool trains = sweep.State == SweepState.Running && sweep.Trials.Running > 0;
        if (!trains || sweep.EpochsAsked != _asked) _rate.Clear();
        _asked = sweep.EpochsAsked;
        if (trains) _rate.Enqueue((time.GetTimestamp(), sweep.EpochsDone));
        while (_rate.Count > 2 && time.GetElapsedTime(_rate.Peek().Time) > RateWindow) _rate.Dequeue();
    }

    public string Best() => Snapshot?.Sweep is { Best: { } best } sweep
        ? $"{sweep.Objective.Metric} {Words.Metric(best)} (trial {sweep.BestTrial})"
        : Words.None;
}
