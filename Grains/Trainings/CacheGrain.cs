using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Storage;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace Grains.Trainings;

/// <summary>Keeps the checkpoints within their disk budget. It has one activation, so that two prunings do not both delete.</summary>
public sealed partial class CacheGrain(JournalReader reader, JournalWriter writer, CheckpointStore checkpoints, TimeProvider clock,
    ILogger<CacheGrain> logger)
    : Grain, ICacheGrain
{
    /// <summary>A file that was put this long ago and is not referred to never will be, however long the database was away.</summary>
    private static readonly TimeSpan Unsettled = TimeSpan.FromHours(1);
    private static readonly TimeSpan OneCall = TimeSpan.FromSeconds(3);

    public async Task<CacheStatus> Status(CancellationToken cancellationToken)
    {
        var entries = await reader.CacheEntries();
        var files = await Task.Run(() => checkpoints.List().ToList(), cancellationToken);
        return new CacheStatus
        {
            Bytes = files.Sum(f => f.Bytes),
            Files = files.Count,
            Trainings = entries.Count,
            Needed = entries.Count(e => e.Needed == 1),
            Seconds = entries.Sum(e => e.Seconds),
            Size = await reader.CacheSize(),
        };
    }

    public async Task<KeptTraining[]> Kept(SweepId? sweep, CancellationToken cancellationToken)
    {
        var entries = (await reader.CacheEntries()).ToDictionary(e => e.Recipe);
        var checkpoints = (await reader.CheckpointFiles()).ToLookup(c => c.Recipe);
        var shown = (await reader.TrialsOfTrainings(sweep)).ToLookup(t => t.Recipe, t => new TrialId(new SweepId(t.Sweep), t.Trial));
        return [.. entries.Values.Where(e => sweep is null || shown.Contains(e.Recipe)).Select(e => new KeptTraining
        {
            Training = new Digest(e.Recipe),
            Trials = [.. shown[e.Recipe]],
            Checkpoints = [.. checkpoints[e.Recipe].OrderBy(c => c.Epoch).ThenBy(c => c.Kind, StringComparer.Ordinal)
                .Select(c => new KeptCheckpoint(c.Kind, c.Epoch, c.Bytes, new Digest(c.Weights),
                    c.Optimizer is null ? null : new Digest(c.Optimizer)))],
            Seconds = e.Seconds,
            Needed = e.Needed == 1,
        }).OrderByDescending(k => k.Bytes).ThenBy(k => k.Training.Value, StringComparer.Ordinal)];
    }

    public async Task SetSize(long? bytes, CancellationToken cancellationToken)
    {
        await writer.Write(j => j.SetCacheSize(bytes));
        await Tend(cancellationToken);
    }

    public async Task Tend(CancellationToken cancellationToken)
    {
        var orphans = await Orphans(await Task.Run(() => checkpoints.List().ToList(), cancellationToken), reader.Recipes);
        foreach (var orphan in orphans) checkpoints.Delete(orphan);
        if (orphans.Count > 0) LogSwept(orphans.Count);
        if (await reader.CacheSize() is not null) await Prune(null, cancellationToken);
    }

    public async Task<CachePruning> Prune(long? bytes, CancellationToken cancellationToken)
    {
        long? size = bytes ?? await reader.CacheSize();
        var files = await Task.Run(() => checkpoints.List().ToList(), cancellationToken);
        var sizes = files.ToDictionary(f => f.Digest);
        long total = files.Sum(f => f.Bytes), before = total;
        if (size is null || total <= size) return new CachePruning(0, 0, total, size);

        void Delete(Digest file)
        {
            checkpoints.Delete(file);
            if (sizes.Remove(file, out var known)) total -= known.Bytes;
        }

        foreach (var orphan in await Orphans(files, reader.ShownRecipes)) Delete(orphan.Digest);
        int dropped = 0;
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var entry in (await reader.CacheEntries()).Where(e => e.Needed == 0).OrderBy(e => e.Worth(now)).ThenBy(e => e.Used))
        {
            if (total <= size) break;
            foreach (var file in await writer.Write(j => j.DropTraining(entry.Recipe))) Delete(file);
            dropped++;
        }
        LogPruned(dropped, before - total, total, size.Value);
        return new CachePruning(dropped, before - total, total, size);
    }

    public async Task<CacheVerification> Verify(string after, CancellationToken cancellationToken)
    {
        long begin = clock.GetTimestamp();
        var damaged = new List<Digest>();
        int seen = 0;
        string? next = null;
        foreach (string name in await reader.CheckpointNames(after))
        {
            if (clock.GetElapsedTime(begin) > OneCall) return new CacheVerification(seen, [.. damaged], next);
            (next, seen) = (name, seen + 1);
            var file = new Digest(name);
            if (await Task.Run(() => checkpoints.IsWhole(file), cancellationToken)) continue;
            // The file was retired since the list was read: it is not damaged, but no longer wanted.
            if (await checkpoints.Forget(file, writer) == 0) continue;
            damaged.Add(file);
            LogDamaged(file.Short);
        }
        // The epochs that living demands relied on have become work again.
        if (damaged.Count > 0)
        {
            foreach (string sweep in await reader.ActiveSweeps())
                await GrainFactory.GetGrain<ILeaseBrokerGrain>(0).DemandsChanged(new SweepId(sweep), cancellationToken);
        }
        return new CacheVerification(seen, [.. damaged], null);
    }

    /// <summary>
    /// Finds files that nothing refers to. They are left by processes that died between a file and its row, or between forgetting and
    /// deleting.
    /// </summary>
    /// <param name="recipes">The recipes whose initial checkpoints stay.</param>
    private async Task<List<StoredFile>> Orphans(IReadOnlyList<StoredFile> files, Func<Task<IReadOnlyList<string>>> recipes)
    {
        // This comes after the files were listed, so files that are put from now on do not matter.
        var now = clock.GetUtcNow();
        var settled = await reader.UnderWaySince(now);
        if (settled < now - Unsettled) settled = now - Unsettled;
        var referenced = (await reader.CheckpointNames()).ToHashSet();
        referenced.UnionWith((await recipes()).Select(r => Recipe.Read(r).InitialCheckpoint.Value));
        // A sweep that is being prepared has no recipes yet, nor has a search that just begins; its program's files are nowhere else.
        referenced.UnionWith((await reader.Sweeps()).Where(s => !s.State.IsFinal() && s.Spec is not null)
            .Select(s => SweepSpec.Read(s.Spec!).Program).OfType<ShippedSpec>().Select(p => p.Package!.Value.Value));
        return [.. files.Where(f => f.Written < settled && !referenced.Contains(f.Digest.Value))];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Cache: {Files} files that nothing referred to are deleted.")]
    private partial void LogSwept(int files);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Cache: {Trainings} trainings forgotten, {Freed} bytes freed, {Left} bytes left of {Size} allowed.")]
    private partial void LogPruned(int trainings, long freed, long left, long size);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Cache: checkpoint {File} is damaged or gone and was dropped; its epochs are trained again when asked for.")]
    private partial void LogDamaged(string file);
}
