using Grains.Interfaces.Model;

namespace Grains.Storage.Journal;

/// <summary>
/// The one definition of a demand that can be met and is not yet. Whoever offers, claims, measures or settles work asks here. A demand (or
/// a trial, which has a recipe and epochs too) is met by a kept state at its epoch. It can no longer be met from the epoch at which its training
/// failed.
/// </summary>
internal static class OpenDemand
{
    /// <summary>The condition, on a row of table demand or trial.</summary>
    /// <param name="row">The row's alias.</param>
    /// <param name="epochs">The column that says up to which epoch: that of a trial is called granted.</param>
    public static string Of(string row, string epochs = "epochs") =>
        $"""
        NOT EXISTS (SELECT 1 FROM checkpoint k WHERE k.recipe = {row}.recipe AND k.kind = '{CheckpointKinds.State}'
            AND k.epoch = {row}.{epochs})
        AND NOT EXISTS (SELECT 1 FROM failure f WHERE f.recipe = {row}.recipe AND f.from_epoch <= {row}.{epochs})
        """;

    /// <summary>Whether anybody demands an epoch that the training can still bring.</summary>
    public static bool Any(JournalTransaction journal, string recipe) =>
        journal.QueryFirstOrDefault<int?>(AnyOf, new { recipe }) is not null;

    private static readonly string AnyOf = $"SELECT 1 FROM demand d WHERE d.recipe = @recipe AND {Of("d")} LIMIT 1";
}

/// <summary>The purpose of a demand. The names stand in table demand.</summary>
public enum DemandPurpose
{
    /// <summary>A trial is to be brought to the epochs that it is granted: its budget, or a rung of a search.</summary>
    Trial,
    /// <summary>Weights that were not kept are trained again, to the same bits. The demand goes when they are kept.</summary>
    Weights,
}

/// <summary>The failure of a training, which has one of these or none.</summary>
/// <param name="FromEpoch">Demands up to an epoch below this one can still be met. With 0 the training failed as a whole.</param>
public sealed record TrainingFailure(FailureClass Class, int FromEpoch, string Reason)
{
    public static TrainingFailure Whole(FailureClass failure, string reason) => new(failure, 0, reason);
}
