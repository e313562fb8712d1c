using Grains.Interfaces.Model;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;

namespace Grains.Storage;

/// <summary>
/// A checkpoint is weights and mostly an optimizer beside them. When one file is damaged or gone, the other is of no use.
/// </summary>
public static class DamagedFiles
{
    /// <summary>
    /// Forgets the checkpoints that refer to the file, and deletes the files that only they referred to. Their epochs are trained again
    /// when asked for.
    /// </summary>
    /// <returns>The number of checkpoints forgotten.</returns>
    public static async Task<int> Forget(this CheckpointStore store, Digest file, JournalWriter writer)
    {
        var (forgotten, orphans) = await writer.Write(j => j.DropFile(file));
        foreach (var orphan in orphans) store.Delete(orphan);
        return forgotten;
    }
}
