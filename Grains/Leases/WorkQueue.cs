using Grains.Storage.Journal;

namespace Grains.Leases;

/// <summary>
/// The trainings that wait for a slot, one queue per sweep. The sweep with the fewest trainings under way goes first, then the one that
/// came first.
/// </summary>
public sealed class WorkQueue
{
    private readonly List<SweepQueue> _sweeps = [];

    /// <summary>Everything that waits.</summary>
    public IEnumerable<WorkRow> Waiting => _sweeps.SelectMany(s => s.Waiting);

    public void Add(WorkRow work, bool first = false)
    {
        var queue = _sweeps.Find(s => s.Sweep == work.Sweep);
        if (queue is null) _sweeps.Add(queue = new SweepQueue(work.Sweep));
        if (!queue.Known.Add(work.Recipe)) return;
        if (first) queue.Waiting.AddFirst(work);
        else queue.Waiting.AddLast(work);
    }

    /// <summary>Forgets what a sweep waits for. Its trainings under way still count.</summary>
    public void Remove(string sweep)
    {
        if (_sweeps.Find(s => s.Sweep == sweep) is not { } queue) return;
        queue.Waiting.Clear();
        queue.Known.Clear();
        Prune(queue);
    }

    /// <summary>Takes out the next training that this environment may train; null when there is none.</summary>
    /// <param name="leased">Whether a training is under way already, for another sweep.</param>
    /// <param name="may">Whether the asking slot may begin it now. A training that it may not begin keeps its place.</param>
    public WorkRow? Take(string fingerprint, Func<string, bool> leased, Func<WorkRow, bool> may)
    {
        foreach (var queue in _sweeps.OrderBy(s => s.UnderWay.Count))
        {
            for (var node = queue.Waiting.First; node is not null;)
            {
                var (work, next) = (node.Value, node.Next);
                if (leased(work.Recipe))
                {
                    // It comes back, if need be, when that lease ends.
                    queue.Waiting.Remove(node);
                    queue.Known.Remove(work.Recipe);
                }
                else if ((work.Fingerprint is null || work.Fingerprint == fingerprint) && may(work))
                {
                    queue.Waiting.Remove(node);
                    queue.Known.Remove(work.Recipe);
                    return work;
                }
                node = next;
            }
        }
        return null;
    }

    public void Started(string sweep, string recipe) => _sweeps.Find(s => s.Sweep == sweep)?.UnderWay.Add(recipe);

    /// <summary>Notes that a training is leased no more. If somebody still waits for it, it is to be added again.</summary>
    public void Ended(string recipe)
    {
        foreach (var queue in _sweeps)
            if (queue.Known.Remove(recipe)) queue.Waiting.Remove(queue.Waiting.First(w => w.Recipe == recipe));
        foreach (var queue in _sweeps.Where(s => s.UnderWay.Remove(recipe)).ToList()) Prune(queue);
    }

    private void Prune(SweepQueue queue)
    {
        if (queue.Waiting.Count == 0 && queue.UnderWay.Count == 0) _sweeps.Remove(queue);
    }

    private sealed record SweepQueue(string Sweep)
    {
        public LinkedList<WorkRow> Waiting { get; } = new();

        public HashSet<string> Known { get; } = [];

        public HashSet<string> UnderWay { get; } = [];
    }
}
