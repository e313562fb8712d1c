namespace Tests.Unit;

/// <summary>Shows a clock that stands still until it is moved.</summary>
internal sealed class SetTime : TimeProvider
{
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public void Advance(TimeSpan by) => _elapsed += by;
}
