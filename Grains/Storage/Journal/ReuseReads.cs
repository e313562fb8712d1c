namespace Grains.Storage.Journal;

/// <summary>Counts the epochs left to train, given what is kept and what others already ask for.</summary>
public static class ReuseReads
{
    /// <summary>
    /// The number of epochs that slots would compute for these trials. Ask before the trials' own demands are in the journal.
    /// </summary>
    public static long EpochsToTrain(this IJournalQueries journal, IEnumerable<NewTrial> trials) => trials
        .GroupBy(t => t.Recipe, t => t.Granted)
        .Sum(training => (long)Left(training, journal.Kept(training.Key), journal.HighestDemand(training.Key),
            journal.FailedEpoch(training.Key)));

    /// <param name="asked">The budgets.</param>
    /// <param name="kept">The epochs whose whole state is kept.</param>
    /// <param name="others">The highest epoch that other sweeps ask for; 0 for none. Nobody trains again what they train.</param>
    /// <param name="failed">The epoch at which the training is known to diverge; null when none is.</param>
    public static int Left(IEnumerable<int> asked, IReadOnlyCollection<int> kept, int others, int? failed)
    {
        var unmet = asked.Where(e => !kept.Contains(e) && (failed is null || e < failed)).ToList();
        if (unmet.Count == 0) return 0;
        int first = unmet.Min(), from = kept.Where(e => e <= first).DefaultIfEmpty(0).Max();
        return Math.Max(0, unmet.Max() - Math.Max(from, others));
    }

    private static IReadOnlyList<int> Kept(this IJournalQueries journal, string recipe) =>
        journal.Query<int>("SELECT epoch FROM checkpoint WHERE recipe = @recipe AND kind = 'state'", new { recipe });

    private static int HighestDemand(this IJournalQueries journal, string recipe) =>
        journal.QueryFirstOrDefault<int?>("SELECT MAX(epochs) FROM demand WHERE recipe = @recipe", new { recipe }) ?? 0;

    private static int? FailedEpoch(this IJournalQueries journal, string recipe) =>
        journal.QueryFirstOrDefault<int?>("SELECT from_epoch FROM failure WHERE recipe = @recipe AND class = 'Diverged'", new { recipe });
}
