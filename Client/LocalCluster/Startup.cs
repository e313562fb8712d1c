namespace Client.LocalCluster;

/// <summary>
/// Says how many silos start at a time. Starting costs seconds of processor time, and silos that start together all wait for the last.
/// </summary>
internal static class Startup
{
    private const int FewestAtOnce = 3;

    /// <summary>The time that a silo may take to join before others start beside it, and before `cluster up` gives it up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static int AtOnce => Math.Max(FewestAtOnce, Environment.ProcessorCount);

    /// <summary>Says whether this run of the silo is a member that takes work, which its heartbeat shows.</summary>
    public static bool HasJoined(SweepHome home, string silo, int pid) =>
        pid != 0 && ExitNote.ReadHeartbeat(home.Heartbeat(silo)) is { } owner && owner.Pid == pid;
}
