namespace Client.LocalCluster;

/// <summary>
/// `dotnet run` starts us as its child, and it cannot take us along when it is killed with -9. When it is gone, so is the command that
/// somebody typed. Any other parent may end before us (nohup, a script).
/// </summary>
internal static class ParentWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Cancels <paramref name="stop"/> when the parent was dotnet and has ended.</summary>
    public static IDisposable? OfDotNetRun(CancellationTokenSource stop)
    {
        if (!OperatingSystem.IsLinux()) return null;
        int parent = Posix.ParentProcess;
        if (ProcessIdentity.NameOf(parent) != "dotnet") return null;
        return new Timer(_ =>
        {
            if (Posix.ParentProcess != parent && !stop.IsCancellationRequested) stop.Cancel();
        }, null, Interval, Interval);
    }
}
