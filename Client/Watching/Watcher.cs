using Client.Connecting;
using Client.Rendering;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Spectre.Console;

namespace Client.Watching;

/// <summary>
/// Follows a sweep to its end, through the death of any silo. Each fact has a durable position, from which another silo goes on.
/// </summary>
internal static class Watcher
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// An enumeration can break off even in a healthy cluster: another worker of the silo may get the call, and does not know it. A client
    /// that goes on from the cursor misses nothing, so that only a silence as long as this is told.
    /// </summary>
    private static readonly TimeSpan Unremarkable = TimeSpan.FromSeconds(4);

    public static int ExitCode(SweepSummary ended) => ended.State switch
    {
        SweepState.Failed => ExitCodes.BadInput,
        SweepState.Cancelled => ExitCodes.FailedTrials,
        _ => ended.Trials.Failed > 0 ? ExitCodes.FailedTrials : ExitCodes.Done,
    };

    /// <summary>Shows a live picture on a terminal, and one line per event elsewhere.</summary>
    /// <param name="beside">Lines on standard error, where standard output carries JSON.</param>
    /// <param name="passing">The cluster ends with the command: nothing can be asked of it afterwards.</param>
    public static async Task<SweepSummary> Follow(
        ClusterConnection connection, SweepId id, CancellationToken cancellationToken, bool beside = false, bool passing = false)
    {
        var progress = new SweepProgress(TimeProvider.System);
        var lines = beside ? Console.Error : Console.Out;
        try
        {
            var ended = beside || !Output.IsLive
                ? await Follow(connection.Reader, id, WatchCursor.Start, progress, new PlainWatch(progress, lines), TimeProvider.System,
                    cancellationToken)
                : await FollowLive(connection.Reader, id, progress, cancellationToken);
            var failed = await Failures.Of(connection, ended, cancellationToken);
            foreach (string line in Failures.Lines(failed)) lines.WriteLine(line);
            if (!passing) lines.WriteLine(WhatNext(ended, failed));
            return ended;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !passing)
        {
            await Console.Error.WriteLineAsync(GoesOn(id));
            throw;
        }
    }

    /// <summary>Writes one JSON object per fact behind the cursor.</summary>
    public static async Task<SweepSummary> FollowAsJson(ClusterConnection connection, SweepId id, WatchCursor after,
        CancellationToken cancellationToken)
    {
        try
        {
            return await Follow(connection.Reader, id, after, new SweepProgress(TimeProvider.System), new JsonWatch(),
                TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync(GoesOn(id));
            throw;
        }
    }

    /// <param name="failed">The trials that failed. A retry is named only where one of them did not diverge: others are refused it.</param>
    internal static string WhatNext(SweepSummary ended, IEnumerable<TrialView> failed) => ended switch
    {
        { State: SweepState.Failed } => $"Mend what it names, and submit it again. `sweep delete {ended.Id}` forgets this one.",
        { State: SweepState.Cancelled } => $"`sweep results {ended.Id}` shows what was measured before.",
        { Trials.Failed: > 0 } when failed.Any(t => t.Failure != FailureClass.Diverged) =>
            $"`sweep retry {ended.Id}` trains what failed again, but for what diverged; `sweep trials {ended.Id}` shows each.",
        { Trials.Failed: > 0 } => $"`sweep results {ended.Id}` compares the others; `sweep trials {ended.Id}` shows each.",
        _ => $"`sweep results {ended.Id}` compares them; `sweep trace {ended.Id}` shows where the time went.",
    };

    private static string GoesOn(SweepId id) => $"{id} goes on. `sweep watch {id}` shows it again; `sweep cancel {id}` ends it.";

    private static async Task<SweepSummary> FollowLive(ISweepReaderGrain reader, SweepId id, SweepProgress progress,
        CancellationToken cancellationToken)
    {
        SweepSummary? ended = null;
        // The picture is cleared at the end. Otherwise as many empty lines would stay as there once were bars.
        var display = new LiveDisplay(AnsiConsole.Console, new Text("")) { AutoClear = true };
        try
        {
            await display.StartAsync(async live =>
            {
                await using var lively = new LiveWatch(progress, live);
                ended = await Follow(reader, id, WatchCursor.Start, progress, lively, TimeProvider.System, cancellationToken);
            });
        }
        finally
        {
            Output.Write(LiveWatch.Picture(progress));
        }
        return ended!;
    }

    /// <summary>Shows the sweep's updates behind the cursor until it ends. Where an enumeration breaks off, the next one goes on.</summary>
    internal static async Task<SweepSummary> Follow(
        ISweepReaderGrain reader, SweepId id, WatchCursor cursor, SweepProgress progress, IWatchView view, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var heard = time.GetTimestamp();
        while (true)
        {
            try
            {
                await foreach (var update in reader.Watch(id, cursor, cancellationToken).WithCancellation(cancellationToken))
                {
                    cursor = update.Cursor;
                    heard = time.GetTimestamp();
                    if (progress.WantsTrials
                        && update is Snapshot { Sweep.State: not SweepState.Preparing } or LifecycleChanged { Trial: not null })
                        progress.Know(await reader.Trials(id, cancellationToken));
                    progress.Apply(update);
                    view.Show(update);
                }
                var summary = await reader.Status(id, cancellationToken) ?? throw CommandException.NoSuchSweep(id);
                if (summary.State.IsFinal())
                {
                    progress.Finish(summary);
                    view.End(summary);
                    return summary;
                }
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken);
            }
            catch (Exception e) when (Transient.Is(e) && !cancellationToken.IsCancellationRequested)
            {
                if (time.GetElapsedTime(heard) > Patience)
                    throw CommandException.NoCluster($"the cluster has not answered for {Patience.TotalMinutes:0} minutes. " +
                        $"`sweep watch {id}` resumes when it does.");
                if (time.GetElapsedTime(heard) > Unremarkable) view.Lost(e.GetType().Name);
                await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellationToken);
            }
        }
    }
}

/// <summary>Shows a watched sweep.</summary>
internal interface IWatchView
{
    void Show(SweepUpdate update);

    /// <summary>Says that a silo does not answer and that another one is asked.</summary>
    void Lost(string why);

    void End(SweepSummary summary);
}
