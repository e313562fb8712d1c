using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Leases;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Grains.Sweeps;
using Orleans.Concurrency;

namespace Grains.Checkups;

/// <summary>
/// Compares what the journal, the broker, the checkpoint store and membership say of the same things. It changes nothing.
/// </summary>
[StatelessWorker]
public sealed class DoctorGrain(JournalReader reader, CheckpointStore checkpoints, IClusterMembershipService membership, TimeProvider clock)
    : Grain, IDoctorGrain
{
    private static readonly TimeSpan SweptWithin = TimeSpan.FromMinutes(2), PreparedWithin = TimeSpan.FromMinutes(1);

    public async Task<Checkup> Examine(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var queue = await GrainFactory.GetGrain<ILeaseBrokerGrain>(0).Queue(cancellationToken);
        var attempts = (await reader.RunningAttempts()).ToDictionary(a => a.Recipe);
        var silos = await reader.Silos();
        var active = membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active)
            .Select(m => m.SiloAddress.ToParsableString()).ToHashSet();
        var living = silos.Where(s => active.Contains(s.Generation)).ToList();

        var trials = await Trials(queue, attempts, living, faults);
        await Preparations(faults);
        foreach (var stalled in await reader.Stalled())
            faults.Add($"training {stalled.Recipe[..12]}, of {stalled.Sweep}/{stalled.Trial}: {stalled.Reason}");
        Leases(queue, attempts, active, faults);
        foreach (var demand in await reader.OrphanDemands())
            faults.Add($"demand of {demand.Sweep}/{demand.Trial}: its trial has ended or is gone.");
        var notes = new List<string>();
        string files = await Checkpoints(faults, notes);
        return new Checkup([.. trials], [.. faults],
            [$"{living.Count} silos, {living.Sum(s => s.Slots)} slots",
                $"{attempts.Count} leases, {queue.Waiting.Length} trainings waiting", files])
        { Notes = [.. notes] };
    }

    private async Task<List<TrialStanding>> Trials(
        LeaseQueue queue, Dictionary<string, RunningAttempt> attempts, List<SiloRow> living, List<string> faults)
    {
        var waiting = queue.Waiting.ToLookup(w => (w.Sweep.Value, w.Recipe.Value));
        int slots = living.Sum(s => s.Slots);
        var trials = new List<TrialStanding>();
        foreach (string sweep in await reader.ActiveSweeps())
        {
            if (await reader.Sweep(new SweepId(sweep)) is not { } row) continue;
            foreach (var trial in await reader.Trials(new SweepId(sweep)))
            {
                var state = SweepFacts.StateOf(trial);
                if (state.IsFinal()) continue;
                string? why = attempts.TryGetValue(trial.Recipe, out var attempt)
                    ? $"on {attempt.Silo}, slot {attempt.Slot}, attempt {attempt.Attempt}"
                    : row.State == SweepState.Preparing ? "waits until the sweep is prepared"
                    : state == TrialState.Paused ? $"waits for `sweep resume {sweep}`"
                    : waiting[(sweep, trial.Recipe)].FirstOrDefault() is { } queued ? Waits(queued, living, slots, attempts.Count)
                    : trial.FinalCheckpoint is not null || trial.Failure is not null
                        ? "its training has ended; the coordinator is about to say so"
                    : null;
                trials.Add(new TrialStanding(new TrialId(new SweepId(sweep), trial.Number), state, why ?? "nobody knows why"));
                if (why is null) faults.Add($"trial {sweep}/{trial.Number} ({row.State}): no lease, no place in the queue.");
            }
        }
        return trials;
    }

    /// <summary>Finds sweeps that have been in preparation, or in extension, for long, and those where that broke off.</summary>
    private async Task Preparations(List<string> faults)
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var sweep in (await reader.ActiveSweeps()).Select(id => new SweepId(id)))
        {
            if (await reader.Sweep(sweep) is not { } row) continue;
            bool preparing = row.State == SweepState.Preparing;
            if (!preparing && await reader.PendingExtension(sweep) is null) continue;
            var past = await reader.PreparationEvents(sweep);
            string what = preparing ? "prepared" : "extended",
                remedy = preparing ? $"`sweep cancel {sweep}` ends it" : $"`sweep cancel {sweep}` ends the sweep";
            if (past.LastOrDefault(e => e.Kind == SweepEvents.PreparationBroke) is { } broke)
                faults.Add($"sweep {sweep}: being {what} broke off and is tried again: {broke.Reason}");
            long began = past is [var first, ..] ? first.At : row.Submitted;
            if (now - began > PreparedWithin.TotalMilliseconds)
                faults.Add($"sweep {sweep}: it is being {what} since {TimeOf(began)}. Large data take long to read; {remedy}. " +
                    "The silos' logs may tell more.");
        }
    }

    /// <summary>Tells a moment and not a span, because a person is told what two looks agree on.</summary>
    private static string TimeOf(long at) => FormattableString.Invariant($"{DateTimeOffset.FromUnixTimeMilliseconds(at):HH:mm:ss} UTC");

    private static string Waits(WaitingTraining queued, List<SiloRow> living, int slots, int busy)
    {
        if (living.Count == 0) return "waits: no silo is active";
        if (queued.Obstacle is { } obstacle) return $"waits: {obstacle}";
        if (queued.Fingerprint is { } needed && living.All(s => s.Fingerprint != needed))
            return $"waits: it was begun in environment {needed}, and no active silo has it. Start one that does, or submit the sweep anew";
        if (queued.Alone) return "waits: a silo has died under it, so that it is trained alone; one is being emptied";
        return busy >= slots ? $"waits: all {slots} slots are busy" : "waits: a slot is about to take it";
    }

    private void Leases(LeaseQueue queue, Dictionary<string, RunningAttempt> attempts, HashSet<string> active, List<string> faults)
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var attempt in attempts.Values)
        {
            string name = $"lease on {attempt.Recipe[..12]}, attempt {attempt.Attempt}, {attempt.Silo}";
            if (!active.Contains(attempt.Generation)) faults.Add($"{name}: its silo is not active.");
            else if (attempt.Expires < now) faults.Add($"{name}: it ran out at {TimeOf(attempt.Expires)}.");
        }
        foreach (var held in queue.Held.Where(h => h.Attempt > 0 && !attempts.ContainsKey(h.Recipe.Value)))
            faults.Add($"lease on {held.Recipe.Short}, attempt {held.Attempt}, {held.Silo}: the broker holds it, the journal does not.");
    }

    private async Task<string> Checkpoints(List<string> faults, List<string> notes)
    {
        // Work under way may yet refer to a file. Work that has just stopped is swept within a minute.
        var now = clock.GetUtcNow();
        var settled = await reader.UnderWaySince(now);
        if (settled > now - SweptWithin) settled = now - SweptWithin;
        // Files are listed first. A file that is deleted after its row is then in neither list.
        var files = checkpoints.List().ToList();
        var there = files.Select(f => f.Digest.Value).ToHashSet();
        var known = new HashSet<string>();
        foreach (var recipe in (await reader.ShownRecipes()).Select(Recipe.Read))
        {
            string initial = recipe.InitialCheckpoint.Value;
            if (!known.Add(initial) || there.Contains(initial) || checkpoints.Exists(recipe.InitialCheckpoint)) continue;
            if (recipe is ClassifierRecipe { Configuration.Model.Initializer: not null })
                notes.Add($"checkpoint {initial[..12]}: a drawn initial checkpoint whose file is gone. " +
                    "It is drawn again when a trial needs it.");
            else
                faults.Add($"checkpoint {initial[..12]}: the copy of a file that trials start from is gone. Submit their sweep again, " +
                    "which reads the file anew.");
        }
        foreach (var row in await reader.CheckpointFiles())
        {
            foreach (string file in new[] { row.Weights, row.Optimizer }.OfType<string>())
            {
                if (known.Add(file) && !there.Contains(file) && !checkpoints.Exists(new Digest(file)))
                    faults.Add($"checkpoint {file[..12]} ({row.Kind} of {row.Recipe[..12]} at epoch {row.Epoch}): its file is gone.");
            }
        }
        // The other checkpoints of the recipes may have been pruned.
        foreach (string json in await reader.Recipes()) known.Add(Recipe.Read(json).InitialCheckpoint.Value);
        foreach (var orphan in files.Where(f => !known.Contains(f.Digest.Value) && f.Written < settled))
            faults.Add($"checkpoint file {orphan.Digest.Short} ({orphan.Bytes:N0} bytes): no row refers to it.");
        return $"{files.Count} checkpoint files, {files.Sum(f => f.Bytes) / 1048576.0:0.0} MiB";
    }
}
