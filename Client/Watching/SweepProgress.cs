using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Watching;

/// <summary>What a watcher has been told so far, and the time left that follows from it.</summary>
internal sealed class SweepProgress(TimeProvider time)
{
    /// <summary>Of a larger sweep the labels of trials that are not running are not fetched.</summary>
    private const int MostTrialsToFetch = 2000;
    private static readonly TimeSpan RateWindow = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, TrialView> _trials = [];
    private readonly Dictionary<int, Measurement> _latest = [];
    private readonly Dictionary<int, double> _objective = [];
    private readonly Queue<(long Time, long Epochs)> _rate = new();
    private bool _asked;

    public Snapshot? Snapshot { get; private set; }

    /// <summary>Once, as soon as the trials exist.</summary>
    public bool WantsTrials => !_asked;

    public void Know(IReadOnlyCollection<TrialView> trials)
    {
        _asked = trials.Count > 0;
        if (trials.Count > MostTrialsToFetch) return;
        lock (_gate)
            foreach (var trial in trials) _trials.TryAdd(trial.Number, trial);
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
                    _rate.Enqueue((time.GetTimestamp(), snapshot.Sweep.EpochsDone));
                    while (_rate.Count > 2 && time.GetElapsedTime(_rate.Peek().Time) > RateWindow) _rate.Dequeue();
                    break;
                case EpochMeasured measured:
                    _latest[measured.Trial] = measured.Measurement;
                    if (Snapshot?.Sweep.Objective is { } objective)
                    {
                        double value = objective.Value(measured.Measurement);
                        if (objective.At == ReadAt.Last || !_objective.TryGetValue(measured.Trial, out double best) || objective.Better(value, best))
                            _objective[measured.Trial] = value;
                    }
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

    /// <summary>The trial's objective as far as it was told; null when not.</summary>
    public double? Objective(int number)
    {
        lock (_gate) return _objective.TryGetValue(number, out double value) ? value : _trials.GetValueOrDefault(number)?.Objective;
    }

    public Measurement? Latest(int number)
    {
        lock (_gate) return _latest.GetValueOrDefault(number);
    }

    /// <summary>"trial 3 (filters=[8, 8] dropout=0.3, replicate 2)"</summary>
    public string Name(int number) => Trial(number) is { } t
        ? $"trial {number} ({(t.Label.Length == 0 ? "" : $"{t.Label}, ")}replicate {t.Replicate})"
        : $"trial {number}";

    /// <summary>From the epochs that were done while we watched; null before the first.</summary>
    public TimeSpan? Left()
    {
        lock (_gate)
        {
            if (Snapshot is not { Sweep: var sweep } || _rate.Count < 2) return null;
            var (begin, before) = _rate.Peek();
            var elapsed = time.GetElapsedTime(begin);
            long done = sweep.EpochsDone - before;
            if (done <= 0 || elapsed < TimeSpan.FromSeconds(1)) return null;
            return elapsed * ((double)Math.Max(0, sweep.EpochsAsked - sweep.EpochsDone) / done);
        }
    }

    public string Best() => Snapshot?.Sweep is { Best: { } best } sweep ? $"{Words.Name(sweep.Objective.Metric)} {Words.Metric(best)} (trial {sweep.BestTrial})" : Words.None;
}
