namespace Client.LocalCluster;

/// <summary>
/// How many silos start at a time. Starting costs seconds of processor time, and those that start together all wait for the last.
/// </summary>
internal static class Startup
{
    private const int FewestAtOnce = 3;

    /// <summary>How long a silo may take to join before others start beside it, and before `cluster up` gives it up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static int AtOnce => Math.Max(FewestAtOnce, Environment.ProcessorCount);

    /// <summary>Whether this run of the silo is a member that takes work: it has a heartbeat.</summary>
    public static bool HasJoined(SweepHome home, string silo, int pid) =>
        pid != 0 && ExitNote.ReadHeartbeat(home.Heartbeat(silo)) is { } owner && owner.Pid == pid;
}
