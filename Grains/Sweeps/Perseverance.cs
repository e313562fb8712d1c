using System.Data.Common;
using Grains.Hosting;
using Grains.Interfaces.Model;
using Grains.Leases;
using Grains.Storage;
using Grains.Storage.Databases;
using Grains.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace Grains.Sweeps;

/// <summary>
/// Does work that may break off, such as preparing a sweep. It repeats it until it succeeds, is refused, or has broken off a stated number
/// of times. That number is in the journal, so a crash of the silo does not begin to count anew. Troubles of the journal itself are waited
/// for.
/// </summary>
public sealed partial class Perseverance(JournalReader reader, ILocalSiloDetails silo, SweepOptions options, TimeProvider clock,
    ILogger<Perseverance> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Refuses work that broke off too often, however it was begun.</summary>
    /// <exception cref="SpecException">It broke off too often; the message says how.</exception>
    public async Task Require(SweepId sweep) => JudgeBreaks(await reader.PreparationEvents(sweep), "The search");

    /// <param name="note">Writes an event of the sweep: its kind and its reason.</param>
    /// <exception cref="SpecException">The work was refused, or broke off too often; the message says why.</exception>
    public async Task<T> Do<T>(SweepId sweep, Func<CancellationToken, Task<T>> work, Func<string, string, Task> note,
        CancellationToken stop)
    {
        string generation = silo.SiloAddress.ToParsableString();
        while (true)
        {
            var past = await reader.PreparationEvents(sweep);
            Judge(past);
            if (past is not [.., { Kind: SweepEvents.Preparing, Reason: { } last }] || last != generation)
                await note(SweepEvents.Preparing, generation);
            try
            {
                return await Task.Run(() => work(stop), stop);
            }
            catch (Exception e) when (e is SpecException or FencedException || stop.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e) when (e is DbException or JournalUnusableException && StorageTrouble.Passing(e) is { } trouble)
            {
                LogWaiting(sweep, trouble);
            }
            catch (Exception e)
            {
                LogBroke(e, sweep);
                await note(SweepEvents.PreparationBroke, Describe(e));
            }
            await Task.Delay(Pause, clock, stop);
        }
    }

    /// <summary>In one line, for the journal and for a person.</summary>
    internal static string Describe(Exception e) => $"{e.GetType().Name}: {e.Message.Split('\n', 2)[0]}";

    private void JudgeBreaks(IReadOnlyList<EventRow> past, string work)
    {
        var broke = past.Where(e => e.Kind == SweepEvents.PreparationBroke).ToList();
        if (broke.Count >= options.BreaksBeforeFailure)
            throw new SpecException($"{work} broke off {broke.Count} times, last with: " +
                $"{broke[^1].Reason} The silos' logs may tell more. Mend the cause, then submit again.");
    }

    private void Judge(IReadOnlyList<EventRow> past)
    {
        JudgeBreaks(past, "Preparing");
        int crashes = past.Count(e => e.Kind == SweepEvents.Preparing
            && DeathNote.Of(options.ExitNotes, e.Reason!) is AttemptOutcome.Crashed or AttemptOutcome.OutOfMemory);
        if (crashes >= options.CrashesBeforeFailure)
            throw new SpecException($"Its silo crashed, or was killed for memory, {crashes} times while it prepared this. " +
                "Take fewer or smaller data, or give the silos more memory; then submit again.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sweep {Sweep}: preparing waits: {Trouble}.")]
    private partial void LogWaiting(SweepId sweep, string trouble);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep {Sweep}: preparing broke off.")]
    private partial void LogBroke(Exception exception, SweepId sweep);
}
