using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Storage.Journal;

/// <summary>The queries about one training, inside a transaction or beside it.</summary>
public static class TrainingReads
{
    internal const string OfTraining =
        """
        SELECT r.recipe, r.json, r.data, r.traceparent, r.fingerprint, f.class AS failure, f.from_epoch AS failed_from, f.reason
        FROM training r LEFT JOIN failure f ON f.recipe = r.recipe WHERE r.recipe = @recipe
        """;

    internal static readonly string OfMilestones =
        $"SELECT DISTINCT d.epochs FROM demand d WHERE d.recipe = @recipe AND {OpenDemand.Of("d")} ORDER BY d.epochs";

    /// <summary>
    /// The trials that wait for nothing any more. Their training has kept the state they wait for, or has failed before it.
    /// </summary>
    internal static readonly string OfSettled =
        $"""
        SELECT t.number, t.recipe, CASE WHEN c.recipe IS NULL THEN w.class END AS failure,
            CASE WHEN c.recipe IS NULL THEN w.reason END AS reason
        FROM trial t LEFT JOIN failure w ON w.recipe = t.recipe
        LEFT JOIN checkpoint c ON c.recipe = t.recipe AND c.kind = 'state' AND c.epoch = t.granted
        WHERE t.sweep = @sweep AND t.state = 'Pending' AND NOT ({OpenDemand.Of("t", "granted")})
            AND (t.granted = t.epochs OR c.recipe IS NULL AND w.from_epoch <= t.granted)
        """;

    /// <summary>The trainings whose trials have come to a rung, where they wait for a decision.</summary>
    internal const string OfWaiting =
        """
        SELECT t.recipe FROM trial t JOIN checkpoint c ON c.recipe = t.recipe AND c.kind = 'state' AND c.epoch = t.granted
        WHERE t.sweep = @sweep AND t.state = 'Pending' AND t.granted < t.epochs
        """;

    public static TrainingRow? Training(this JournalTransaction journal, Digest recipe) =>
        journal.QueryFirstOrDefault<TrainingRow>(OfTraining, new { recipe = recipe.Value });

    /// <summary>The objectives of the sweeps that demand a training.</summary>
    public static IEnumerable<Objective> Objectives(this JournalTransaction journal, Digest recipe) =>
        journal.Query<string>("SELECT DISTINCT s.objective FROM demand d JOIN sweep s ON s.id = d.sweep WHERE d.recipe = @recipe " +
            "ORDER BY s.objective", new { recipe = recipe.Value })
            .Select(Canonical.Read<Objective>);

    /// <summary>The epochs that living demands ask for and that no checkpoint holds yet, ascending.</summary>
    public static IReadOnlyList<int> Milestones(this JournalTransaction journal, Digest recipe) =>
        journal.Query<int>(OfMilestones, new { recipe = recipe.Value });
}
