using System.Diagnostics;

namespace Tests.Faults;

/// <summary>Waits for changes that no event tells us: the system's processes, and files that others write.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(40);

    /// <param name="missing">Null when it holds; else what is there instead.</param>
    public static async Task Holds(string what, TimeSpan deadline, Func<string?> missing)
    {
        var begin = Stopwatch.GetTimestamp();
        while (missing() is { } actual)
        {
            if (Stopwatch.GetElapsedTime(begin) > deadline) Assert.Fail($"Waited {deadline.TotalSeconds:0} s until {what}, but:\n{actual}");
            await Task.Delay(Interval, TestContext.Current.CancellationToken);
        }
    }
}
