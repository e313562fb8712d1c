using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Randomness;
using Grains.Interfaces.Model.Recorded;
using Grains.Interfaces.Model.Specs;
using Grains.Search.Setup;

namespace Grains.Search.Simulation;

/// <summary>
/// Plays a search over recorded curves in virtual time. Sampler, scheduler and demands are those of a cluster; only slots, epochs and
/// failures are made up.
/// </summary>
public sealed class Simulator
{
    private readonly SweepSpec _spec;
    private readonly RecordedCurves _curves;
    private readonly SimulationOptions _options;
    private readonly SearchRun _run;
    private readonly List<Point> _points = [];
    private readonly PriorityQueue<Job, (double At, int Point)> _running = new();
    private readonly SortedSet<int> _waiting = [];
    private readonly List<Improvement> _best = [];
    private double _now, _worked;
    private long _epochs, _attempts;

    private Simulator(SweepSpec spec, RecordedCurves curves, SimulationOptions options)
    {
        (_spec, _curves, _options) = (spec, curves, options);
        if (spec.Replicates > 1)
            throw new SpecException($"replicates: {spec.Replicates} cannot be simulated, since a recorded curve has no seeds. Use 1.");
        _run = SearchSetup.Of(SearchPlan.Of(spec));
    }

    /// <param name="spec">A sweep of a recorded program.</param>
    /// <exception cref="SpecException">A point cannot be replayed.</exception>
    public static SimulatedRun Run(SweepSpec spec, RecordedCurves curves, SimulationOptions options) =>
        new Simulator(spec, curves, options).Run();

    private SimulatedRun Run()
    {
        Follow();
        Start();
        while (_running.TryDequeue(out var job, out var key))
        {
            _now = key.At;
            End(job);
            Start();
        }
        if (!_run.IsFinished) throw new InvalidOperationException("The search waits for what nobody trains.");
        // What the order of arrival may change is not among the decisions, so these are sorted by point.
        string decisions = string.Join('\n', _points.Select(p => $"{p.What.Key} {p.Sent} {p.Stopped}"));
        return new SimulatedRun(_spec.Seed, _points.Count, _epochs, _now, _now == 0 ? 0 : _worked / (_now * _options.Slots),
            _points.Count(p => p.IsRecorded), _best, Digest.Of(Encoding.UTF8.GetBytes(decisions)).Value);
    }

    private void Follow()
    {
        foreach (var step in _run.Advance())
        {
            switch (step)
            {
                case SearchStep.Propose(_, var what):
                    var configuration = (RecordedConfiguration)what.Configuration;
                    if (_curves.Refusal(configuration, what.Epochs) is { } refusal) throw new SpecException(refusal);
                    var (row, isExact) = _curves.Nearest(configuration);
                    _points.Add(new Point(what, row, isExact));
                    break;
                case SearchStep.Go(var point, var epochs):
                    _points[point].Sent = epochs;
                    _waiting.Add(point);
                    break;
                case SearchStep.Stop(var point, var epochs, _):
                    _points[point].Stopped = epochs;
                    break;
                default:
                    throw new InvalidOperationException($"No such step: {step}.");
            }
        }
    }

    private void Start()
    {
        while (_running.Count < _options.Slots && _waiting.Count > 0)
        {
            int index = _waiting.Min;
            _waiting.Remove(index);
            var point = _points[index];
            var luck = KeyedStream.Of(_spec.Seed, 0, "simulated attempt", "", _attempts++);
            double slowness = luck.NextDouble() < _options.Stragglers ? SimulationOptions.Slowness : 1;
            int end = point.Came;
            bool fails = false;
            while (end < point.Sent && !fails)
            {
                end++;
                fails = luck.NextDouble() < _options.Failures;
            }
            double seconds = (TimeOf(point, end) - TimeOf(point, point.Came)) * slowness;
            _worked += seconds;
            // The epoch that was cut off is lost; the one before it is kept.
            _running.Enqueue(new Job(index, fails ? end - 1 : end, end - point.Came, fails), (_now + seconds, index));
        }
    }

    private void End(Job job)
    {
        var point = _points[job.Point];
        _epochs += job.Trained;
        point.Came = job.Came;
        if (job.Fails)
        {
            _waiting.Add(job.Point);
            return;
        }
        double value = Reading(point);
        bool higher = _spec.Objective.Goal == Goal.Maximize;
        if (!double.IsFinite(value))
        {
            _run.Learn(job.Point, point.Came, new Outcome.Diverged());
            Follow();
            return;
        }
        if (point.Came == point.What.Epochs && (_best.Count == 0 || _spec.Objective.Better(value, _best[^1].Value)))
            _best.Add(new Improvement(_points.Count, _epochs, value));
        _run.Learn(job.Point, point.Came, new Outcome.Measured(higher ? -value : value));
        Follow();
    }

    private double Reading(Point point)
    {
        double last = double.NaN, best = double.NaN;
        for (int epoch = 1; epoch <= point.Came; epoch++)
        {
            last = _curves.Value(point.Row, epoch, _spec.Objective.Metric);
            // A cluster fails a training there, whatever came before.
            if (!double.IsFinite(last)) return double.NaN;
            if (epoch == 1 || _spec.Objective.Better(last, best)) best = last;
        }
        return _spec.Objective.At == ReadAt.Best ? best : last;
    }

    private double TimeOf(Point point, int epoch) => epoch == 0 ? 0 : _curves.HasTime ? _curves.Value(point.Row, epoch, "time") : epoch;

    private readonly record struct Job(int Point, int Came, int Trained, bool Fails);

    private sealed class Point(PlannedPoint what, int row, bool isRecorded)
    {
        public PlannedPoint What => what;

        public int Row => row;

        public bool IsRecorded => isRecorded;

        public int Sent { get; set; }

        public int Came { get; set; }

        public int? Stopped { get; set; }
    }
}
