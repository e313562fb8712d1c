using System.Diagnostics;

namespace Client.LocalCluster;

/// <summary>
/// Watches one process's heartbeat file. Silence is counted from the first beat of this process, because starting takes as long as it
/// takes. It is counted by our own clock, and only over looks that came in time. When the whole machine slept, or we did, nobody was
/// silent.
/// </summary>
internal sealed class Pulse(string file, int pid, TimeSpan silence, TimeSpan interval)
{
    private DateTime _last;
    private TimeSpan _silentFor;
    private long _looked = Stopwatch.GetTimestamp();
    private bool _beaten;

    public bool IsSilent()
    {
        var sinceLook = Stopwatch.GetElapsedTime(_looked);
        _looked = Stopwatch.GetTimestamp();
        if (!_beaten && !(_beaten = ExitNote.ReadHeartbeat(file) is { } owner && owner.Pid == pid)) return false;

        var beat = File.GetLastWriteTimeUtc(file);
        // A look that came late counts as one look, so a supervisor that was stopped kills nobody when it goes on.
        _silentFor = beat == _last ? _silentFor + (sinceLook < interval * 4 ? sinceLook : interval) : TimeSpan.Zero;
        _last = beat;
        return _silentFor >= silence;
    }
}
