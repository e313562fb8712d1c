using System.Diagnostics;
using Client.Connecting;
using Grains.Interfaces.Model;

namespace Client.LocalCluster;

/// <summary>Starts, waits for and ends the cluster of a home.</summary>
internal static class LocalClusterControl
{
    private static readonly TimeSpan UpPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(15);

    /// <summary>Makes sure that one `cluster up` works at a time.</summary>
    public static async Task<IDisposable> LockUp(SweepHome home, CancellationToken cancellationToken)
    {
        home.Create();
        var begin = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(home.UpLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(begin) < UpPatience)
            {
                await Task.Delay(100, cancellationToken);
            }
            catch (IOException e)
            {
                throw CommandException.NoCluster($"another `sweep cluster up` has been working in {home.Path} for long ({e.Message}).");
            }
        }
    }

    /// <summary>Starts a supervisor in a session of its own. It outlives us, unless it holds our lifeline.</summary>
    /// <param name="lifeline">Everything ends when the returned process's input is closed, or we die.</param>
    /// <param name="ephemeral">The supervisor deletes the home at its end.</param>
    public static Process StartSupervisor(SweepHome home, bool lifeline, bool ephemeral, bool traceConsole)
    {
        // A missing Silo.dll is reported here, not in a log.
        _ = Programs.SiloAssembly();
        List<string> command = [.. Programs.Self(), "supervise", "--home", home.Path];
        if (lifeline) command.Add("--lifeline");
        if (ephemeral) command.Add("--ephemeral");
        if (traceConsole) command.Add("--trace-console");
        return Programs.Start(command, home.SupervisorLog, home.Path, lifeline);
    }

    /// <summary>
    /// Waits until every planned silo answers as a member. Each silo may take a while, counted from when the one before it had joined.
    /// </summary>
    /// <returns>The budget for checkpoints; null when there is none.</returns>
    /// <exception cref="CommandException">They do not, in time; the message ends with their logs.</exception>
    public static async Task<long?> WaitUntilReady(SweepHome home, int silos, Process? supervisor, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Startup.Patience);
        int joined = 0;
        ClusterConnection? connection = null;
        try
        {
            while (true)
            {
                if (supervisor is { HasExited: true }) throw Fail(home, $"the supervisor ended with exit code {supervisor.ExitCode}");
                var state = ClusterState.Read(home);
                if (state?.Silos.FirstOrDefault(s => s.GivenUp is not null) is { } lost) throw Fail(home, $"{lost.Name} {lost.GivenUp}");
                if (state?.Supervisor == 0 && state.Silos.FirstOrDefault(s => !s.IsAlive) is { } dead)
                    throw Fail(home, $"{dead.Name} has ended");
                int now = state?.Silos.Count(s => Startup.HasJoined(home, s.Name, s.Pid)) ?? 0;
                if (now > joined) deadline.CancelAfter(Startup.Patience);
                joined = Math.Max(joined, now);
                if (state is not null && now >= silos)
                {
                    connection ??= await TryOpen(home, deadline.Token);
                    if (connection is not null && await TryDescribe(connection, deadline.Token) is { } description)
                    {
                        var ready = state.Silos.Where(
                            s => description.Silos.Any(d => d.Name == s.Name && d.Pid == s.Pid && d.State == "Active")).ToList();
                        if (ready.Count >= silos)
                            return (await ClusterConnection.Ask(() => connection.Cache.Status(deadline.Token), deadline.Token)).Size;
                    }
                }
                await Task.Delay(100, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fail(home, $"{joined} of {silos} silos have joined, and for {Startup.Patience.TotalSeconds:0} s no other has");
        }
        finally
        {
            if (connection is not null) await connection.DisposeAsync();
        }
    }

    private static async Task<ClusterConnection?> TryOpen(SweepHome home, CancellationToken cancellationToken)
    {
        try
        {
            return await ClusterConnection.Open(home, cancellationToken);
        }
        catch (CommandException e) when (!e.Message.Contains("version", StringComparison.Ordinal))
        {
            return null;
        }
    }

    private static async Task<ClusterDescription?> TryDescribe(ClusterConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.Cluster.Describe(cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (Transient.Is(e))
        {
            return null;
        }
    }

    /// <summary>Asks the supervisor to end everything, and makes sure. Returns false when nothing ran.</summary>
    public static async Task<bool> Stop(SweepHome home)
    {
        if (ClusterState.Read(home) is not { } state) return false;
        bool ran = state.IsSupervised;
        if (ran)
        {
            Posix.Terminate(state.Supervisor);
            await Gone([(state.Supervisor, state.SupervisorStart)]);
        }
        else
        {
            foreach (var silo in state.Silos.Where(s => s.IsAlive)) Posix.Terminate(silo.Pid);
        }
        // Orphans end by their lifeline, and what still runs after that is killed.
        var silos = (ClusterState.Read(home) ?? state).Silos.Select(s => (s.Pid, s.Start)).ToList();
        ran |= silos.Any(s => ProcessIdentity.IsAlive(s.Pid, s.Start));
        await Gone(silos);
        File.Delete(home.ClusterFile);
        return ran;
    }

    /// <summary>Waits for the end of a supervisor whose lifeline was cut, and makes sure.</summary>
    public static async Task CutLifeline(SweepHome home, Process supervisor)
    {
        supervisor.StandardInput.Close();
        try
        {
            await supervisor.WaitForExitAsync().WaitAsync(StopDeadline);
        }
        catch (TimeoutException)
        {
            Posix.Kill(supervisor.Id);
        }
        if (Directory.Exists(home.Path)) await Stop(home);
    }

    private static async Task Gone(List<(int Pid, string Start)> processes)
    {
        var begin = Stopwatch.GetTimestamp();
        while (processes.Any(p => ProcessIdentity.IsAlive(p.Pid, p.Start)))
        {
            if (Stopwatch.GetElapsedTime(begin) > StopDeadline)
            {
                foreach (var (pid, start) in processes)
                    if (ProcessIdentity.IsAlive(pid, start)) Posix.Kill(pid);
                return;
            }
            await Task.Delay(50);
        }
    }

    private static CommandException Fail(SweepHome home, string why)
    {
        var text = new System.Text.StringBuilder($"the cluster did not start: {why}.");
        foreach (string log in LogFiles.All(home))
        {
            text.Append($"\n── {log}");
            foreach (string line in LogFiles.Tail(log, 12)) text.Append($"\n   {line}");
        }
        return CommandException.NoCluster(text.ToString());
    }
}
