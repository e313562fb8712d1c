using System.Collections.Concurrent;
using Grains.Interfaces.Model;
using Grains.Storage.Journal;

namespace Grains.Sweeps;

/// <summary>The tallies of a silo, shared by all who look. A tally that nobody has looked at for a while is let go.</summary>
public sealed class SweepTallies(JournalReader reader, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Entry> _entries = [];

    /// <summary>Brings the sweep's tally up to date, off the grain's turn, and takes what is wanted from it.</summary>
    public async Task<T> Look<T>(SweepRow sweep, Func<SweepTally, T> take)
    {
        foreach (var (id, old) in _entries)
            if (clock.GetElapsedTime(old.Looked) > KeptFor) _entries.TryRemove(id, out _);
        var entry = _entries.GetOrAdd(sweep.Id, _ => new Entry(new SweepTally(new SweepId(sweep.Id), SweepFacts.RankingOf(sweep))));
        entry.Looked = clock.GetTimestamp();
        await entry.Gate.WaitAsync();
        try
        {
            return await Task.Run(async () =>
            {
                await entry.Tally.Update(reader);
                return take(entry.Tally);
            });
        }
        catch
        {
            // The tally may hold half an update.
            _entries.TryRemove(KeyValuePair.Create(sweep.Id, entry));
            throw;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private sealed class Entry(SweepTally tally)
    {
        public SweepTally Tally => tally;

        public SemaphoreSlim Gate { get; } = new(1);

        public long Looked { get; set; }
    }
}
