namespace Grains.Interfaces.Local;

/// <summary>Lets each refusal be logged once, but not so many that somebody else could fill the disk with them.</summary>
internal sealed class Refusals(TimeProvider clock)
{
    private const int MostInAMinute = 100;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private long _began = clock.GetTimestamp();
    private int _logged, _unsaid;

    /// <summary>
    /// The number of refusals that went unsaid before this one, which is to be logged; null when this one goes unsaid too.
    /// </summary>
    public int? ToLog()
    {
        if (clock.GetElapsedTime(_began) >= Minute) (_began, _logged) = (clock.GetTimestamp(), 0);
        if (_logged == MostInAMinute)
        {
            _unsaid++;
            return null;
        }
        _logged++;
        int unsaid = _unsaid;
        _unsaid = 0;
        return unsaid;
    }
}
