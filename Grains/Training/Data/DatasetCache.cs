using Grains.Interfaces.Model;

namespace Grains.Training.Data;

/// <summary>
/// Holds the data sets of a silo. Each spec is loaded once, however many trainings ask. The cache is safe for concurrent use. It takes
/// files to stay as they are while the silo lives: compare <see cref="Dataset.Identity"/> with the recipe's.
/// </summary>
public sealed class DatasetCache : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Func<DataSpec, CancellationToken, Dataset> _load;
    private readonly long _maxBytes;
    private long _clock;
    private bool _disposed;

    public DatasetCache(DatasetCacheOptions options, Func<DataSpec, CancellationToken, Dataset>? load = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBytes, 1);
        _maxBytes = options.MaxBytes;
        _load = load ?? DatasetLoader.Load;
    }

    /// <summary>
    /// Gets the data set, and loads it on a pool thread if need be. Cancelling ends the wait. The load ends with the last caller who waits
    /// for it.
    /// </summary>
    /// <exception cref="SpecException">As <see cref="DatasetLoader.Load"/>; the next call tries again.</exception>
    public async Task<Dataset> GetAsync(DataSpec spec, CancellationToken cancellation)
    {
        string key = Canonical.Json(spec);
        Entry? entry;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_entries.TryGetValue(key, out entry))
            {
                entry = new Entry();
                _entries.Add(key, entry);
                var (loaded, token) = (entry, entry.Abandonment.Token);
                entry.Loading = Task.Run(() => Load(key, loaded, spec, token), token);
            }
            entry.LastUse = ++_clock;
            entry.Waiting++;
        }
        try
        {
            return await entry.Loading.WaitAsync(cancellation);
        }
        finally
        {
            Leave(key, entry);
        }
    }

    public void Dispose()
    {
        Entry[] left;
        lock (_lock)
        {
            _disposed = true;
            left = [.. _entries.Values];
        }
        foreach (var entry in left) entry.Abandonment.Cancel();
    }

    /// <summary>Gives up the load, because nobody waits any more. The next caller begins another.</summary>
    private void Leave(string key, Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Waiting > 0 || entry.Loading.IsCompleted) return;
            Forget(key, entry);
        }
        entry.Abandonment.Cancel();
    }

    private void Forget(string key, Entry entry)
    {
        if (_entries.GetValueOrDefault(key) == entry) _entries.Remove(key);
    }

    private Dataset Load(string key, Entry entry, DataSpec spec, CancellationToken abandoned)
    {
        try
        {
            var dataset = _load(spec, abandoned);
            lock (_lock)
            {
                entry.Bytes = SizeOf(dataset);
                Evict();
            }
            return dataset;
        }
        catch
        {
            lock (_lock) Forget(key, entry);
            throw;
        }
    }

    /// <summary>Evicts data sets. Trainings that still hold one keep it alive; it is only no longer found here.</summary>
    private void Evict()
    {
        long total = _entries.Values.Sum(entry => entry.Bytes);
        var loaded = _entries.Where(pair => pair.Value.Bytes > 0).OrderBy(pair => pair.Value.LastUse).SkipLast(1).ToArray();
        foreach (var (key, entry) in loaded)
        {
            if (total <= _maxBytes) return;
            total -= entry.Bytes;
            _entries.Remove(key);
        }
    }

    private static long SizeOf(Dataset dataset) => SizeOf(dataset.Train) + SizeOf(dataset.Validation) + SizeOf(dataset.Test);

    private static long SizeOf(ImageSplit split) => sizeof(float) * split.Pixels.LongLength + sizeof(int) * split.Labels.LongLength;

    /// <summary>An entry, guarded by the cache's lock.</summary>
    private sealed class Entry
    {
        /// <summary>
        /// The source that is cancelled with the cache, or when nobody waits any more. It has no timer, so that nothing is left of it when
        /// it is let go.
        /// </summary>
        public CancellationTokenSource Abandonment { get; } = new();

        public int Waiting { get; set; }

        public Task<Dataset> Loading { get; set; } = null!;

        /// <summary>The size in bytes; 0 while loading.</summary>
        public long Bytes { get; set; }

        public long LastUse { get; set; }
    }
}
