namespace Grains.Search;

/// <summary>
/// The points that come to one rung, in logical order. They are taken strictly one after the other, each when its outcome is known, so
/// that the order in which outcomes arrive decides nothing (Kahn 1974, "The semantics of a simple language for parallel programming").
/// </summary>
/// <param name="epochs">The epochs of the rung.</param>
public sealed class SearchStream(int epochs)
{
    private readonly List<Entry> _entries = [];

    public int Epochs => epochs;

    /// <summary>The number of entries that were taken.</summary>
    public int Taken { get; private set; }

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>The entry that is waited for; null when all were taken.</summary>
    public Entry? Next => Taken < _entries.Count ? _entries[Taken] : null;

    /// <param name="point">The index of the point.</param>
    /// <param name="tick">The index of the proposal that brought the point here.</param>
    public void Add(int point, int tick) => _entries.Add(new Entry(point, tick));

    public void Take() => Taken++;

    public readonly record struct Entry(int Point, int Tick);
}
