namespace Grains.Storage.Journal;

/// <summary>The broker's writes, fenced by its term, and the renewals of the silos that hold leases.</summary>
public static class LeaseWrites
{
    /// <summary>The outcomes of attempts that did not end by themselves, as SQL.</summary>
    internal const string Deaths =
        $"'{nameof(AttemptOutcome.Lost)}', '{nameof(AttemptOutcome.Crashed)}', '{nameof(AttemptOutcome.OutOfMemory)}'";

    public static long BeginBrokerTerm(this JournalTransaction journal)
    {
        journal.Execute("UPDATE broker SET term = term + 1 WHERE id = 0");
        return journal.QueryFirstOrDefault<long>("SELECT term FROM broker WHERE id = 0");
    }

    /// <exception cref="FencedException">Another activation of the broker has taken over.</exception>
    public static void RequireBrokerTerm(this JournalTransaction journal, long term)
    {
        long current = journal.QueryFirstOrDefault<long>("SELECT term FROM broker WHERE id = 0");
        if (current != term) throw new FencedException($"Lease broker: term {term} is over, the journal is at {current}.");
    }

    /// <summary>
    /// Begins the next attempt on a training and returns its number. It returns null when the training is leased already, or nobody demands
    /// what it can bring.
    /// </summary>
    /// <param name="fingerprint">The numeric environment that the training then belongs to; null for one whose numbers come from elsewhere.</param>
    public static int? BeginAttempt(this JournalTransaction journal, string recipe, string silo, string generation, int slot,
        string? fingerprint,
        long at, long expires)
    {
        if (!OpenDemand.Any(journal, recipe)) return null;
        int claimed = journal.Execute(
            """
            UPDATE training SET attempt = attempt + 1, fingerprint = COALESCE(fingerprint, @fingerprint)
            WHERE recipe = @recipe AND NOT EXISTS (SELECT 1 FROM attempt WHERE recipe = @recipe AND ended IS NULL)
            """, new { recipe, fingerprint });
        if (claimed == 0) return null;

        int attempt = journal.QueryFirstOrDefault<int>("SELECT attempt FROM training WHERE recipe = @recipe", new { recipe });
        journal.Execute(
            """
            INSERT INTO attempt (recipe, attempt, silo, generation, slot, started, expires)
            VALUES (@recipe, @attempt, @silo, @generation, @slot, @at, @expires)
            """, new { recipe, attempt, silo, generation, slot, at, expires });
        return attempt;
    }

    /// <summary>Ends the attempt, and returns whether it was still under way.</summary>
    public static bool EndAttempt(this JournalTransaction journal, string recipe, int attempt, long at, AttemptOutcome outcome) =>
        journal.Execute("UPDATE attempt SET ended = @at, outcome = @outcome WHERE recipe = @recipe AND attempt = @attempt " +
            "AND ended IS NULL",
            new { recipe, attempt, at, outcome = outcome.ToString() }) == 1;

    /// <summary>
    /// Ends an attempt whose silo is dead or whose lease ran out, and returns whether it did. It spares a lease that was renewed since
    /// somebody looked. After the database was away for a while, all leases look as if they had run out.
    /// </summary>
    /// <param name="expires">The lease's end, as it was when it was found to have run out.</param>
    public static bool LoseAttempt(this JournalTransaction journal, string recipe, int attempt, long now, AttemptOutcome outcome,
        long expires, bool dead) =>
        journal.Execute(
            """
            UPDATE attempt SET ended = @now, outcome = @outcome
            WHERE recipe = @recipe AND attempt = @attempt AND ended IS NULL AND (expires = @expires OR @dead = 1)
            """, new { recipe, attempt, now, outcome = outcome.ToString(), expires, dead = dead ? 1 : 0 }) == 1;

    /// <summary>Renews the lease until <paramref name="expires"/>, and returns whether the attempt is still under way.</summary>
    public static bool Renew(this JournalTransaction journal, string recipe, int attempt, long expires) =>
        journal.Execute($"UPDATE attempt SET expires = @expires WHERE recipe = @recipe AND attempt = @attempt AND {journal.UnderWay}",
            new { recipe, attempt, expires }) == 1;
}
