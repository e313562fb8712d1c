using Client.Connecting;
using Client.LocalCluster;
using Client.Rendering;
using Grains.Interfaces.Model;

namespace Client.Chaos;

/// <summary>Strikes the home's cluster while a sweep runs, fault by fault, and reports each strike.</summary>
internal sealed class ChaosRun(ClusterConnection connection, SweepId sweep, TextWriter lines)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200), Patience = TimeSpan.FromMinutes(3);

    private readonly long _begin = TimeProvider.System.GetTimestamp();

    /// <exception cref="CommandException">The cluster is not this home's alone, or nobody restarts its silos.</exception>
    public static async Task RequireLocal(ClusterConnection connection, CancellationToken cancellationToken)
    {
        if (ClusterState.Read(connection.Home) is not { IsSupervised: true } state)
        {
            throw CommandException.BadInput($"--chaos kills silos, and nobody restarts those of {connection.Home.Path}: " +
                "they have no supervisor. " +
                "Run `sweep cluster down`, then `sweep cluster up`.");
        }
        var cluster = await ClusterConnection.Ask(() => connection.Cluster.Describe(cancellationToken), cancellationToken);
        if (cluster.Silos.FirstOrDefault(s => s.State == "Active" && !state.Silos.Any(p => p.Name == s.Name)) is { } other)
        {
            throw CommandException.BadInput("--chaos strikes only clusters that `sweep cluster up` has started, " +
                $"and {other.Name} ({other.Address}) is not one of the silos " +
                $"of {connection.Home.Path}. Set {SweepHome.Variable} to an empty folder, and run `sweep cluster up` there.");
        }
    }

    /// <summary>Returns the strikes that were made. There are fewer than the schedule has when the sweep ends before.</summary>
    /// <exception cref="CommandException">The cluster does not recover.</exception>
    public async Task<IReadOnlyList<FaultKind>> Run(IReadOnlyList<Fault> schedule, CancellationToken cancellationToken)
    {
        var struck = new List<FaultKind>();
        Strike? last = null;
        foreach (var fault in schedule)
        {
            if (last is not null && fault.Patient && !await Recover(last, cancellationToken)) break;
            await Task.Delay(fault.Pause, cancellationToken);
            if (await Until($"there is somebody to strike with {Strike.Name(fault.Kind)}", scene => Strike.At(fault, scene),
                cancellationToken) is not { } strike) break;
            Say(strike.ToString());
            await strike.Carry(cancellationToken);
            struck.Add(fault.Kind);
            last = strike;
        }
        if (last is not null) await Recover(last, cancellationToken);
        return struck;
    }

    /// <summary>Returns a summary such as "20 faults: 4 × kill silo, …".</summary>
    public static string Tally(IReadOnlyList<FaultKind> struck) =>
        $"{struck.Count} {(struck.Count == 1 ? "fault" : "faults")}{(struck.Count == 0 ? "" : ": ")}" +
        string.Join(", ", struck.GroupBy(k => k).OrderBy(g => g.Key).Select(g => $"{g.Count()} × {Strike.Name(g.Key)}"));

    /// <summary>Returns false when the sweep has ended.</summary>
    private async Task<bool> Recover(Strike strike, CancellationToken cancellationToken)
    {
        long begin = TimeProvider.System.GetTimestamp();
        if (await Until($"it has recovered from fault {strike.Fault.Number}", scene => strike.IsOvercome(scene) ? strike : null,
            cancellationToken) is null) return false;
        Say($"     recovered after {Words.Span(TimeProvider.System.GetElapsedTime(begin))}");
        return true;
    }

    /// <summary>Returns the first answer that is found, or null when the sweep has ended.</summary>
    private async Task<T?> Until<T>(string what, Func<Scene, T?> find, CancellationToken cancellationToken) where T : class
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await Look(cancellationToken) is { } look)
            {
                if (look.Ended) return null;
                if (find(look.Scene) is { } found) return found;
            }
            if (TimeProvider.System.GetElapsedTime(begin) > Patience)
            {
                throw new CommandException(ExitCodes.Unwell, $"for {Patience.TotalMinutes:0} minutes the cluster was not so that {what}. " +
                    "`sweep doctor` and `sweep cluster logs` may tell why; the sweep goes on.");
            }
            await Task.Delay(Interval, cancellationToken);
        }
    }

    /// <summary>Returns null while the cluster does not answer.</summary>
    private async Task<(Scene Scene, bool Ended)?> Look(CancellationToken cancellationToken)
    {
        try
        {
            var status = await connection.Reader.Status(sweep, cancellationToken);
            var trials = await connection.Reader.Trials(sweep, cancellationToken);
            var cluster = await connection.Cluster.Describe(cancellationToken);
            string? coordinator = await connection.CoordinatorOf(sweep);
            var processes = ClusterState.Read(connection.Home)?.Silos ?? [];
            return (new Scene(processes, cluster.Silos, trials, coordinator), status?.State.IsFinal() ?? true);
        }
        catch (Exception e) when (Transient.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Say(string what) => lines.WriteLine($"{Time()}  {what}");

    private string Time() => $"{TimeProvider.System.GetElapsedTime(_begin):mm\\:ss}";
}
