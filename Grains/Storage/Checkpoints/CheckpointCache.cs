using Grains.Interfaces.Model;

namespace Grains.Storage.Checkpoints;

/// <summary>
/// Holds in memory the initial checkpoints that a silo's slots share. Each is fetched and verified once, even when several slots ask at the
/// same moment. The least recently used leave first. The cache is safe for concurrent use.
/// </summary>
/// <param name="fetch">Reads one checkpoint and verifies it. It is called outside any lock.</param>
/// <param name="capacity">The most bytes to keep. A single checkpoint that is larger is handed out and not kept. Default: 256 MiB.</param>
public sealed class CheckpointCache(Func<Digest, byte[]> fetch, long capacity = 256L << 20)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _recent = [];
    private long _bytes;

    public CheckpointCache(CheckpointStore store, long capacity = 256L << 20) : this(store.Get, capacity)
    {
    }

    /// <summary>
    /// The bytes, which every slot shares: never write into them. A failure is not kept, so the next caller fetches again.
    /// </summary>
    public byte[] Get(Digest digest)
    {
        LinkedListNode<Entry>? node;
        lock (_lock)
        {
            if (_entries.TryGetValue(digest, out node))
            {
                _recent.Remove(node);
            }
            else
            {
                node = new(new Entry(digest, new Lazy<byte[]>(() => fetch(digest))));
                _entries.Add(digest, node);
            }
            _recent.AddFirst(node);
        }

        byte[] bytes;
        try
        {
            bytes = node.Value.Bytes.Value;
        }
        catch
        {
            lock (_lock) Remove(node);
            throw;
        }

        lock (_lock)
        {
            if (node.List is not null && !node.Value.Counted)
            {
                node.Value.Counted = true;
                _bytes += bytes.Length;
            }
            while (_bytes > capacity && LastCounted() is { } oldest) Remove(oldest);
        }
        return bytes;
    }

    private LinkedListNode<Entry>? LastCounted()
    {
        var node = _recent.Last;
        while (node is not null && !node.Value.Counted) node = node.Previous;
        return node;
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        if (node.List is null) return;
        _recent.Remove(node);
        _entries.Remove(node.Value.Digest);
        if (node.Value.Counted) _bytes -= node.Value.Bytes.Value.Length;
    }

    private sealed class Entry(Digest digest, Lazy<byte[]> bytes)
    {
        public Digest Digest { get; } = digest;

        public Lazy<byte[]> Bytes { get; } = bytes;

        /// <summary>Whether its bytes are counted in the sum, which they are only after they were fetched.</summary>
        public bool Counted { get; set; }
    }
}
