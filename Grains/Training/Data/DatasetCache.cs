using Grains.Interfaces.Model;

namespace Grains.Training.Data;

/// <summary>
/// The data sets of a silo: each spec is loaded once, however many trainings ask. Safe for concurrent use. Files are taken to stay as
/// they are while the silo lives: compare <see cref="Dataset.Identity"/> with the recipe's.
/// </summary>
public sealed class DatasetCache : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly CancellationTokenSource _disposal = new();
    private readonly CancellationToken _disposed;
    private readonly Func<DataSpec, CancellationToken, Dataset> _load;
    private readonly long _maxBytes;
    private long _clock;

    public DatasetCache(DatasetCacheOptions options, Func<DataSpec, CancellationToken, Dataset>? load = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBytes, 1);
        _maxBytes = options.MaxBytes;
        _disposed = _disposal.Token;
        _load = load ?? DatasetLoader.Load;
    }

    /// <summary>
    /// The data set, loaded on a pool thread if need be. Cancelling ends the wait, not the load, for others may wait too.
    /// </summary>
    /// <exception cref="SpecException">As <see cref="DatasetLoader.Load"/>; the next call tries again.</exception>
    public Task<Dataset> GetAsync(DataSpec spec, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        string key = Canonical.Json(spec);
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                entry = new Entry();
                _entries.Add(key, entry);
                entry.Loading = Task.Run(() => Load(key, entry, spec), _disposed);
            }
            entry.LastUse = ++_clock;
            return entry.Loading.WaitAsync(cancellation);
        }
    }

    public void Dispose()
    {
        _disposal.Cancel();
        _disposal.Dispose();
    }

    private Dataset Load(string key, Entry entry, DataSpec spec)
    {
        try
        {
            var dataset = _load(spec, _disposed);
            lock (_lock)
            {
                entry.Bytes = SizeOf(dataset);
                Evict();
            }
            return dataset;
        }
        catch
        {
            lock (_lock) _entries.Remove(key);
            throw;
        }
    }

    /// <summary>Trainings that still hold an evicted data set keep it alive; it is only no longer found here.</summary>
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

    /// <summary>Guarded by the cache's lock.</summary>
    private sealed class Entry
    {
        public Task<Dataset> Loading { get; set; } = null!;

        /// <summary>0 while loading.</summary>
        public long Bytes { get; set; }

        public long LastUse { get; set; }
    }
}
