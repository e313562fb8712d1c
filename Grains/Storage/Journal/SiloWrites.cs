namespace Grains.Storage.Journal;

/// <summary>The writes by which a silo describes itself.</summary>
public static class SiloWrites
{
    /// <summary>Notes which run of the silo has this name from now on.</summary>
    /// <param name="started">The start of the run, in Unix milliseconds.</param>
    public static void AnnounceSilo(this JournalTransaction journal, string name, string generation, int pid, int slots, string fingerprint,
        string environment, string version, long started) =>
        journal.Execute(
            """
            INSERT INTO silo (name, generation, pid, slots, fingerprint, environment, version, started)
            VALUES (@name, @generation, @pid, @slots, @fingerprint, @environment, @version, @started)
            ON CONFLICT (name) DO UPDATE SET generation = excluded.generation, pid = excluded.pid, slots = excluded.slots,
                fingerprint = excluded.fingerprint, environment = excluded.environment, version = excluded.version,
                    started = excluded.started
            """, new { name, generation, pid, slots, fingerprint, environment, version, started });
}
