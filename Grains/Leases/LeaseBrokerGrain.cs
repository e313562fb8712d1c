using Grains.Hosting;
using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Training;
using Grains.Storage.Journal;
using Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Grains.Leases;

/// <summary>
/// Grants slots fenced leases on trainings. The facts (demands, attempts) are in the journal, and the queue here is rebuilt from them. The
/// grain is reentrant, because requests for work wait inside.
/// </summary>
[Reentrant]
public sealed partial class LeaseBrokerGrain(
    JournalWriter writer, JournalReader reader, SweepOptions options, IClusterMembershipService membership, TimeProvider clock,
    ILogger<LeaseBrokerGrain> logger) : Grain, ILeaseBrokerGrain
{
    private const int TicksBetweenCacheTendings = 30;

    private readonly WorkQueue _queue = new();
    private readonly Dictionary<string, RunningAttempt> _leases = [];
    private readonly Suspects _suspects = new();
    private readonly SiloCodes _codes = new();
    private readonly LeaseWatch _watch = new(clock, options.LeaseDuration);
    private TaskCompletionSource _moreWork = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _term;
    private int _ticks;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _term = await writer.Write(j => j.BeginBrokerTerm());
        foreach (var attempt in await reader.RunningAttempts()) _leases[attempt.Recipe] = attempt;
        foreach (var deaths in await reader.DeathsWithoutProgress())
            if (Charges.Of([.. deaths]).MakeSuspect(options)) _suspects.Add(deaths.Key);
        await Enqueue(sweep: null);
        await EndLostAttempts();
        this.RegisterGrainTimer(Tick,
            new GrainTimerCreationOptions(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)) { Interleave = true, KeepAlive = true });
        LogActivated(_term, _leases.Count);
    }

    public async Task<LeaseGrant?> Acquire(SlotRequest slot, CancellationToken cancellationToken)
    {
        if (_leases.Values.FirstOrDefault(l => l.Generation == slot.Generation && l.Slot == slot.Slot) is { } held)
        {
            // The grant is still being written for an earlier request that timed out. The next request gets it.
            return held.Attempt == 0 ? null : await writer.Write(j => Grant(j, new Digest(held.Recipe), held.Attempt));
        }

        var more = _moreWork.Task;
        if (await TryGrant(slot) is { } grant) return grant;
        await Task.WhenAny(more, Task.Delay(options.AcquireWait, clock, cancellationToken));
        return await TryGrant(slot);
    }

    public async Task Release(Digest recipe, int attempt, CancellationToken cancellationToken)
    {
        if (_leases.TryGetValue(recipe.Value, out var lease) && lease.Attempt == attempt) _leases.Remove(recipe.Value);
        await Requeue(recipe);
    }

    public async Task DemandsChanged(SweepId sweep, CancellationToken cancellationToken)
    {
        _queue.Remove(sweep.Value);
        await Enqueue(sweep);
        foreach (var recipe in _leases.Keys) Tell(GrainFactory.GetGrain<ITrainingGrain>(recipe).DemandChanged(CancellationToken.None));
    }

    public Task Ping(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<LeaseGrant?> TryGrant(SlotRequest slot)
    {
        // A silo that stood still and was declared dead asks on until it learns of it. Whatever it got would be lost again at once.
        if (Dead().Contains(slot.Generation)) return null;
        _codes.Note(slot);
        while (_queue.Take(slot.Fingerprint, _leases.ContainsKey, work => _codes.Has(slot.Generation, work.NumericPath)
            && _suspects.MayBegin(work.Recipe, slot.Generation, Under(slot.Generation))) is { } work)
        {
            var now = clock.GetUtcNow();
            // The lease is held before the write, so that no other request takes it meanwhile.
            var lease = new RunningAttempt
            {
                Recipe = work.Recipe,
                Attempt = 0,
                Silo = slot.Silo,
                Generation = slot.Generation,
                Slot = slot.Slot,
                Expires = (now + options.LeaseDuration).ToUnixTimeMilliseconds(),
            };
            _leases[work.Recipe] = lease;
            LeaseGrant? grant;
            try
            {
                grant = await writer.Write(j =>
                {
                    j.RequireBrokerTerm(_term);
                    int? attempt = j.BeginAttempt(work.Recipe, slot.Silo, slot.Generation, slot.Slot,
                        work.NumericPath == NumericPath.Command ? null : slot.Fingerprint,
                        now.ToUnixTimeMilliseconds(), lease.Expires);
                    return attempt is { } number ? Grant(j, new Digest(work.Recipe), number) : null;
                });
            }
            catch
            {
                DeactivateOnIdle();
                throw;
            }

            if (grant is not null)
            {
                _queue.Started(work.Sweep, work.Recipe);
                _leases[work.Recipe] = lease with { Attempt = grant.Attempt };
                _watch.Granted(_leases[work.Recipe]);
                return grant;
            }
            _leases.Remove(work.Recipe);
        }
        return null;
    }

    /// <summary>The trainings that a silo is training.</summary>
    private List<string> Under(string generation) => [.. _leases.Values.Where(l => l.Generation == generation).Select(l => l.Recipe)];

    private static LeaseGrant? Grant(JournalTransaction journal, Digest recipe, int attempt)
    {
        if (journal.Training(recipe) is not { } training) return null;
        return new LeaseGrant(recipe, attempt, training.Json, training.Data, training.Traceparent, [.. journal.Milestones(recipe)],
            [.. journal.Objectives(recipe)]);
    }

    private async Task Enqueue(SweepId? sweep)
    {
        foreach (var work in await reader.Work(sweep)) _queue.Add(work);
        SignalWork();
    }

    /// <summary>Puts a training that is no longer leased back into the queue, if somebody still waits for it.</summary>
    private async Task Requeue(Digest recipe)
    {
        _queue.Ended(recipe.Value);
        foreach (var work in await reader.Work(sweep: null, recipe)) _queue.Add(work, first: true);
        SignalWork();
    }

    private void SignalWork()
    {
        var signal = _moreWork;
        _moreWork = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        signal.TrySetResult();
    }

    private async Task Tick(CancellationToken cancellationToken)
    {
        try
        {
            await EndLostAttempts();
            await ClearSuspects();
            // The first tick tends the cache too, because the broker's predecessor may have died among files.
            if (++_ticks % TicksBetweenCacheTendings == 1) Tell(GrainFactory.GetGrain<ICacheGrain>(0).Tend(CancellationToken.None));
            if (_ticks % 5 == 0)
            {
                foreach (var sweep in await reader.ActiveSweeps())
                    Tell(GrainFactory.GetGrain<ISweepGrain>(sweep).Tend(CancellationToken.None));
            }
        }
        catch (FencedException e)
        {
            LogFenced(e);
            DeactivateOnIdle();
        }
    }

    /// <summary>Ends attempts whose lease ran out or whose silo is dead, and lets others take the trainings up.</summary>
    private async Task EndLostAttempts()
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var dead = Dead();
        var underWay = await reader.RunningAttempts();
        var ranOut = _watch.RanOut(underWay).ToHashSet();
        foreach (var attempt in underWay.Where(a => ranOut.Contains(a) || dead.Contains(a.Generation)))
        {
            var death = DeathNote.Of(options.ExitNotes, attempt.Generation);
            bool ended = await writer.Write(j =>
            {
                j.RequireBrokerTerm(_term);
                return j.LoseAttempt(attempt.Recipe, attempt.Attempt, now, death, attempt.Expires, dead.Contains(attempt.Generation));
            });
            if (!ended) continue;

            LogLost(attempt.Recipe[..12], attempt.Attempt, attempt.Silo, death);
            var recipe = new Digest(attempt.Recipe);
            await Judge(recipe);
            _leases.Remove(attempt.Recipe);
            await Requeue(recipe);
        }

        // These attempts ended without word: the silo's release was lost, or a write of ours came through after a time-out.
        var running = (await reader.RunningAttempts()).Select(a => a.Recipe).ToHashSet();
        foreach (var lease in _leases.Values.Where(l => l.Attempt > 0 && !running.Contains(l.Recipe)).ToList())
        {
            _leases.Remove(lease.Recipe);
            await Requeue(new Digest(lease.Recipe));
        }
    }

    /// <summary>Fails a training that takes its silos along, or has it trained alone.</summary>
    private async Task Judge(Digest recipe)
    {
        var charges = Charges.Of(await reader.DeathsWithoutProgress(recipe));
        if (charges.MakeSuspect(options)) _suspects.Add(recipe.Value);
        if (charges.Verdict(options) is not { } failure) return;

        _suspects.Remove(recipe.Value);
        var sweeps = await reader.DemandingSweeps(recipe);
        await writer.Write(j =>
        {
            j.RequireBrokerTerm(_term);
            j.Fail(recipe, failure);
        });
        foreach (var sweep in sweeps) Tell(GrainFactory.GetGrain<ISweepGrain>(sweep).TrainingMoved(recipe, CancellationToken.None));
    }

    /// <summary>Lets a training that made an epoch, or was forgiven, share its silo again.</summary>
    private async Task ClearSuspects()
    {
        if (_suspects.Recipes.Count == 0) return;
        bool any = false;
        foreach (string recipe in _suspects.Recipes.ToList())
            if (!Charges.Of(await reader.DeathsWithoutProgress(new Digest(recipe))).MakeSuspect(options)) any |= _suspects.Remove(recipe);
        var (waiting, dead) = (_queue.Waiting.Select(w => w.Recipe).ToHashSet(), Dead());
        _suspects.Keep(waiting.Contains, silo => !dead.Contains(silo));
        if (any) SignalWork();
    }

    private HashSet<string> Dead() =>
        [.. membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Dead)
            .Select(m => m.SiloAddress.ToParsableString())];

    public async Task<LeaseQueue> Queue(CancellationToken cancellationToken)
    {
        var active = membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active)
            .Select(m => m.SiloAddress.ToParsableString()).ToHashSet();
        var training = (await reader.Silos()).Where(s => s.Slots > 0 && active.Contains(s.Generation)).Select(s => s.Generation).ToList();
        _codes.Keep(Dead());
        var obstacles = _queue.Waiting.Select(w => w.NumericPath).Distinct().ToDictionary(p => p, p => _codes.Obstacle(p, training));
        return new LeaseQueue(
            [.. _queue.Waiting.Select(w => new WaitingTraining(new SweepId(w.Sweep), new Digest(w.Recipe), w.Fingerprint,
                _suspects.Contains(w.Recipe), obstacles[w.NumericPath]))],
            [.. _leases.Values.Select(l => new HeldLease(new Digest(l.Recipe), l.Attempt, l.Silo, l.Slot))]);
    }

    /// <summary>Sends a message that may be lost: the receiver catches up with the database when it is tended.</summary>
    private void Tell(Task message) => message.ContinueWith(t => LogLostMessage(t.Exception!.GetBaseException().Message),
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    [LoggerMessage(Level = LogLevel.Information, Message = "Lease broker active: term {Term}, {Leases} leases under way.")]
    private partial void LogActivated(long term, int leases);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Training {Recipe}: attempt {Attempt} on {Silo} is over ({Death}); it goes back into the queue.")]
    private partial void LogLost(string recipe, int attempt, string silo, AttemptOutcome death);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another lease broker has taken over.")]
    private partial void LogFenced(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "A message got no answer ({Reason}); tending will make up for it.")]
    private partial void LogLostMessage(string reason);
}
