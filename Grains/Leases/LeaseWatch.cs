using Grains.Storage.Journal;

namespace Grains.Leases;

/// <summary>
/// Tells which leases ran out: those that nobody renewed for as long as a lease lives. It uses a clock that only goes forward. So a system
/// clock that is set, or runs otherwise on another host, neither ends a lease nor keeps one.
/// </summary>
public sealed class LeaseWatch(TimeProvider clock, TimeSpan duration)
{
    private Dictionary<(string Recipe, int Attempt), (long Expires, long Renewed)> _seen = [];

    /// <summary>The leases that ran out, among those of the attempts under way.</summary>
    public IReadOnlyList<RunningAttempt> RanOut(IReadOnlyList<RunningAttempt> underWay)
    {
        _seen = underWay.ToDictionary(a => (a.Recipe, a.Attempt), See);
        return [.. underWay.Where(a => clock.GetElapsedTime(_seen[(a.Recipe, a.Attempt)].Renewed) > duration)];
    }

    /// <summary>Notes that a lease was granted just now.</summary>
    public void Granted(RunningAttempt lease) => _seen[(lease.Recipe, lease.Attempt)] = (lease.Expires, clock.GetTimestamp());

    private (long, long) See(RunningAttempt attempt)
    {
        if (!_seen.TryGetValue((attempt.Recipe, attempt.Attempt), out var known))
        {
            // The lease is from before our time, so the system's clock is all there is. If it is wrong, the lease ends too early, which
            // costs work and no fact.
            double age = (clock.GetUtcNow().ToUnixTimeMilliseconds() + duration.TotalMilliseconds - attempt.Expires) / 1000;
            return (attempt.Expires, clock.GetTimestamp() - (long)(Math.Max(0, age) * clock.TimestampFrequency));
        }
        return known.Expires == attempt.Expires ? known : (attempt.Expires, clock.GetTimestamp());
    }
}
