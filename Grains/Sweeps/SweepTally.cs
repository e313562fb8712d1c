using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Storage.Journal;

namespace Grains.Sweeps;

/// <summary>
/// The numbers that a person watches of a sweep, folded from its rows. Each look reads only the rows that have come since the one before.
/// Everything the tally holds can be read again. It is not safe for two threads.
/// </summary>
public sealed class SweepTally(SweepId sweep, Ranking ranking)
{
    /// <summary>
    /// The last words that change nothing but the trial's state. After any other event that names a trial, all is read anew.
    /// </summary>
    private static readonly HashSet<string> LastWords =
        [nameof(TrialState.Completed), nameof(TrialState.Failed), nameof(TrialState.Stopped)];

    private readonly Dictionary<int, TrialTally> _byNumber = [];
    private ILookup<long, TrialTally> _byTraining = Array.Empty<TrialTally>().ToLookup(_ => 0L);
    private long _event, _measurement;

    public IReadOnlyCollection<TrialTally> Trials => _byNumber.Values;

    /// <summary>The trial of this number; null before the sweep is prepared, and for a number that it does not have.</summary>
    public TrialTally? this[int trial] => _byNumber.GetValueOrDefault(trial);

    /// <summary>Reads the new rows. States are read before measurements, so that the measurements hold what a state promises.</summary>
    public async Task Update(JournalReader reader)
    {
        var events = await reader.EventsAfter(sweep, _event);
        if (events.All(e => e.Trial is null ? e.Kind is "Submitted" or "SweepCompleted" : LastWords.Contains(e.Kind)))
        {
            foreach (var e in events)
                if (e.Trial is { } trial && _byNumber.TryGetValue(trial, out var tally)) tally.State = Enum.Parse<TrialState>(e.Kind);
            if (_byNumber.Count > 0) Fold(await reader.TalliesAfter(_measurement));
        }
        else
        {
            await ReadAnew(reader);
        }
        if (events.Count > 0) _event = events[^1].Sequence;
        foreach (var repeat in await reader.Repeated(sweep)) this[repeat.Trial]?.Trained.Add(repeat.Epoch);

        foreach (var trial in _byNumber.Values) trial.Leased = false;
        foreach (var attempt in await reader.RunningTrainings())
            foreach (var trial in _byTraining[attempt]) trial.Leased = true;
    }

    private async Task ReadAnew(JournalReader reader)
    {
        _byNumber.Clear();
        foreach (var row in await reader.TalliedTrials(sweep)) _byNumber.Add(row.Number, new TrialTally(row, ranking));
        _byTraining = _byNumber.Values.ToLookup(t => t.Training);
        // Rows that come after this mark may be among those below already, so an epoch is counted only once.
        _measurement = await reader.LastMeasurement();
        Fold(await reader.Tallies(sweep));
    }

    private void Fold(IReadOnlyList<TalliedEpoch> rows)
    {
        foreach (var row in rows)
        {
            _measurement = Math.Max(_measurement, row.Sequence);
            foreach (var trial in _byTraining[row.Training]) trial.Add(row);
            if (row.Attempt > 0 && row.Sweep == sweep.Value && row.Trial is { } credited) this[credited]?.Trained.Add(row.Epoch);
        }
    }
}

/// <summary>The state of one trial that a person sees.</summary>
public sealed class TrialTally(TalliedTrial row, Ranking ranking)
{
    private readonly BestSoFar _best = new(ranking);

    public int Number => row.Number;

    public long Training => row.Training;

    public int Epochs => row.Epochs;

    public TrialState State { get; set; } = row.State;

    /// <summary>Whether a slot is training its training.</summary>
    public bool Leased { get; set; }

    /// <summary>The state that a person sees: a trial that waits at a rung is paused.</summary>
    public TrialState Shown => State != TrialState.Pending ? State
        : Leased ? TrialState.Running
        : row.Granted < row.Epochs && Epoch >= row.Granted ? TrialState.Paused : State;

    /// <summary>The epochs that it may be trained for so far.</summary>
    public int Granted => row.Granted;

    /// <summary>The last of its measured epochs.</summary>
    public int Epoch { get; private set; }

    /// <summary>The objective so far; null before the first epoch.</summary>
    public double? Objective => _best.Reading;

    /// <summary>The number of epochs that were computed for it.</summary>
    public EpochSet Trained { get; } = new();

    /// <summary>Adds an epoch. Epochs come in order, and a known one changes nothing.</summary>
    public void Add(TalliedEpoch row)
    {
        if (row.Epoch <= Epoch || row.Epoch > Visible) return;
        Epoch = row.Epoch;
        _best.Take(row.Epoch, new MetricValues(row.Metrics));
    }

    private int Visible => Math.Min(row.Granted, row.Measured ?? int.MaxValue);
}

/// <summary>Epochs as ranges, since they come in order or nearly so.</summary>
public sealed class EpochSet
{
    private EpochRange[] _ranges = [];

    public int Count => _ranges.Sum(r => r.To - r.From + 1);

    public bool Contains(int epoch) => _ranges.Any(r => r.From <= epoch && epoch <= r.To);

    public void Add(int epoch)
    {
        if (Contains(epoch)) return;
        if (_ranges.Length > 0 && _ranges[^1].To + 1 == epoch) _ranges[^1] = _ranges[^1] with { To = epoch };
        else _ranges = [.. EpochRange.Of(_ranges.SelectMany(r => Enumerable.Range(r.From, r.To - r.From + 1)).Append(epoch))];
    }
}
