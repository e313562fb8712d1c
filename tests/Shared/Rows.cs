using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Storage.Journal;

namespace Tests.Shared;

/// <summary>Makes rows as a coordinator would write them, with nothing in them that a test does not ask for.</summary>
internal static class Rows
{
    public static SweepRow Sweep(string id) => new()
    {
        Id = id,
        Term = 1,
        Name = id,
        Submitted = 1,
        Ended = null,
        State = SweepState.Preparing,
        Reason = null,
        Digest = null,
        Objective = Canonical.Json(new Objective("validation_accuracy", Goal.Maximize, ReadAt.Best)),
        Metrics = Canonical.Json(ClassifierResult.Metrics),
        ClassNames = null,
        Text = "",
        Folder = "/",
        FileName = "f.yaml",
        Traceparent = null,
        Reuse = 1,
        Fork = null,
    };

    public static NewTraining Training(Digest recipe) => new(recipe.Value, "{}", "{}", 1, null, true);

    /// <summary>Writes the outcome of preparation all at once.</summary>
    public static void Prepared(this JournalTransaction journal, SweepId sweep, long at, IReadOnlyList<string> classNames,
        IReadOnlyList<NewTraining> trainings, IReadOnlyList<NewTrial> trials) =>
        journal.Prepared(sweep, at, classNames, journal.Prepare(at, trainings, trials));

    public static NewTrial Trial(string sweep, int number, Digest recipe, int epochs) =>
        new(sweep, number, null, "{}", 1, epochs, recipe.Value);
}
