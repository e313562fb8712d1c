using Grains.Interfaces.Model;

namespace Grains.Storage.Journal;

/// <summary>The writes that forget checkpoints: those whose files are damaged, and those for which the disk budget has no room.</summary>
public static class CacheWrites
{
    /// <summary>
    /// Forgets the checkpoints that refer to a file which is gone or damaged. Their epochs are trained again when asked for.
    /// </summary>
    /// <returns>The number of checkpoints forgotten, and the files that nothing refers to any more.</returns>
    public static (int Forgotten, IReadOnlyList<Digest> Orphans) DropFile(this JournalTransaction journal, Digest file)
    {
        var of = new { f = file.Value };
        var files = journal.Query<string>(
            """
            SELECT weights FROM checkpoint WHERE weights = @f OR optimizer = @f
            UNION SELECT optimizer FROM checkpoint WHERE (weights = @f OR optimizer = @f) AND optimizer IS NOT NULL
            """, of);
        int forgotten = journal.Execute("DELETE FROM checkpoint WHERE weights = @f OR optimizer = @f", of);
        return (forgotten, journal.Orphans(files));
    }

    /// <summary>
    /// Forgets all checkpoints of a training, unless a trial still needs it. It returns the files that nothing refers to any more.
    /// </summary>
    public static IReadOnlyList<Digest> DropTraining(this JournalTransaction journal, string recipe)
    {
        const string Unneeded =
            """
            recipe = @recipe AND NOT EXISTS (SELECT 1 FROM trial t WHERE t.recipe = @recipe AND t.state IN ('Pending', 'Paused'))
            AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.recipe = @recipe AND a.ended IS NULL)
            """;
        var files = journal.Query<string>(
            $"SELECT weights FROM checkpoint WHERE {Unneeded} UNION SELECT optimizer FROM checkpoint WHERE optimizer IS NOT NULL " +
            $"AND {Unneeded}", new { recipe });
        if (files.Count == 0) return [];
        journal.Execute($"DELETE FROM checkpoint WHERE {Unneeded}", new { recipe });
        return journal.Orphans(files);
    }

    /// <summary>The files among those given that no checkpoint refers to.</summary>
    public static IReadOnlyList<Digest> Orphans(this JournalTransaction journal, IEnumerable<string> files) =>
        [.. files.Where(f => journal.QueryFirstOrDefault<int?>(
        "SELECT 1 FROM checkpoint WHERE weights = @f OR optimizer = @f LIMIT 1", new { f }) is null).Select(f => new Digest(f))];

    /// <summary>Sets the disk budget in bytes; null for no limit.</summary>
    public static void SetCacheSize(this JournalTransaction journal, long? bytes) =>
        journal.Execute("UPDATE cache SET size = @bytes WHERE id = 0", new { bytes });
}

/// <summary>The checkpoints that are kept of one training, in all.</summary>
public sealed record CacheEntry
{
    public required string Recipe { get; init; }
    public required long Bytes { get; init; }
    /// <summary>The time it took to train to the farthest of them.</summary>
    public required double Seconds { get; init; }
    /// <summary>The time when a sweep last asked for it or ended on it, in Unix milliseconds.</summary>
    public required long Used { get; init; }
    /// <summary>0 when the training was made for one trial alone.</summary>
    public required int Shared { get; init; }
    /// <summary>1 while a trial that has not ended asks for it, or a slot trains it.</summary>
    public required int Needed { get; init; }

    /// <summary>
    /// The worth of a kept byte: the seconds that it saves, over the days (and one) since somebody used it. A training that only its own,
    /// ended, trial could use is worth nothing.
    /// </summary>
    public double Worth(long now)
    {
        if (Shared == 0) return 0;
        double days = Math.Max(0, now - Used) / (double)TimeSpan.MillisecondsPerDay;
        return Seconds / Math.Max(1, Bytes) / (1 + days);
    }
}
