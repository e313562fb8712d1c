using Grains.Interfaces.Model;

namespace Grains.Storage.Journal;

/// <summary>What is asked of one training, inside a transaction or beside it.</summary>
public static class TrainingReads
{
    internal const string OfTraining = "SELECT recipe, json, data, traceparent, failure, reason, fingerprint FROM training WHERE recipe = @recipe";

    internal const string OfMilestones =
        """
        SELECT DISTINCT d.epochs FROM demand d JOIN training r ON r.recipe = d.recipe
        WHERE d.recipe = @recipe AND (r.failed_epoch IS NULL OR d.epochs < r.failed_epoch) AND NOT EXISTS
            (SELECT 1 FROM checkpoint c WHERE c.recipe = d.recipe AND c.kind = 'state' AND c.epoch = d.epochs) ORDER BY d.epochs
        """;

    /// <summary>Trials that wait, of trainings that have kept the state they wait for or have failed before it.</summary>
    internal const string OfSettled =
        """
        SELECT t.number, t.recipe, CASE WHEN c.recipe IS NULL THEN r.failure END AS failure, CASE WHEN c.recipe IS NULL THEN r.reason END AS reason
        FROM trial t JOIN training r ON r.recipe = t.recipe
        LEFT JOIN checkpoint c ON c.recipe = t.recipe AND c.kind = 'state' AND c.epoch = t.epochs
        WHERE t.sweep = @sweep AND t.state = 'Pending' AND (c.recipe IS NOT NULL OR (r.failure IS NOT NULL AND (r.failed_epoch IS NULL OR t.epochs >= r.failed_epoch)))
        """;

    public static TrainingRow? Training(this JournalTransaction journal, Digest recipe) =>
        journal.QueryFirstOrDefault<TrainingRow>(OfTraining, new { recipe = recipe.Value });

    /// <summary>Epochs that living demands ask for and that no checkpoint holds yet, ascending.</summary>
    public static IReadOnlyList<int> Milestones(this JournalTransaction journal, Digest recipe) =>
        journal.Query<int>(OfMilestones, new { recipe = recipe.Value });
}
