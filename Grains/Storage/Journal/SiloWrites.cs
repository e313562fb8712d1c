namespace Grains.Storage.Journal;

/// <summary>What a silo says of itself.</summary>
public static class SiloWrites
{
    /// <summary>Notes who runs under this silo's name from now on.</summary>
    /// <param name="started">Unix milliseconds.</param>
    public static void AnnounceSilo(this JournalTransaction journal, string name, string generation, int pid, int slots, string fingerprint,
        string environment, string version, long started) =>
        journal.Execute(
            """
            INSERT INTO silo (name, generation, pid, slots, fingerprint, environment, version, started)
            VALUES (@name, @generation, @pid, @slots, @fingerprint, @environment, @version, @started)
            ON CONFLICT (name) DO UPDATE SET generation = excluded.generation, pid = excluded.pid, slots = excluded.slots,
                fingerprint = excluded.fingerprint, environment = excluded.environment, version = excluded.version, started = excluded.started
            """, new { name, generation, pid, slots, fingerprint, environment, version, started });
}
