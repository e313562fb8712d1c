using Grains.Interfaces.Model;
using Orleans.Concurrency;

namespace Grains.Interfaces;

/// <summary>
/// The coordinator of one sweep, keyed by its id. Its state is in the journal, and it commits each decision before anyone is told.
/// </summary>
[Alias("ISweepGrain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>Records the sweep and starts to prepare it. A repeat with the same key is answered like the first.</summary>
    /// <exception cref="Model.SpecException">The file has mistakes, or the key belongs to another file.</exception>
    [Alias("Submit")]
    Task Submit(SubmitRequest request, CancellationToken cancellationToken);

    /// <summary>Cancels the sweep: no further epoch starts, and measured epochs stay. It is harmless on a sweep that has ended.</summary>
    [Alias("Cancel")]
    Task Cancel(CancellationToken cancellationToken);

    /// <summary>Withdraws the demands: trainings stop at their last whole epoch and keep it. It is harmless to repeat.</summary>
    /// <exception cref="Model.SpecException">The sweep has ended, or has not begun.</exception>
    [Alias("Pause")]
    Task Pause(CancellationToken cancellationToken);

    /// <summary>Makes the demands again. It is harmless to repeat.</summary>
    /// <exception cref="Model.SpecException">The sweep is not paused.</exception>
    [Alias("Resume")]
    Task Resume(CancellationToken cancellationToken);

    /// <summary>
    /// Demands failed trials again, from their last checkpoint, and forgets their failure. It returns how many. Trials that diverged stay
    /// as they are: their recipes determine it, and the same bits would come again.
    /// </summary>
    /// <param name="trial">The number of one failed trial; null for all of them.</param>
    /// <exception cref="Model.SpecException">That trial has not failed, what failed diverged, or the sweep was cancelled.</exception>
    [Alias("Retry")]
    Task<int> Retry(int? trial, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the sweep more points or replicates, or its points a larger budget. Finished trials go on where they ended, and the result is
    /// that of a fresh sweep of that size. Where the file varies the budget itself, the longest trial of each point gets the larger one.
    /// The call answers at once. The new trials are prepared in the background, as at submission
    /// (<see cref="ISweepReaderGrain.Extension"/>).
    /// </summary>
    /// <param name="key">The name of the request. A repeat under it changes nothing and gets the same answer.</param>
    /// <exception cref="Model.SpecException">The sweep cannot be extended in its state, or in this way.</exception>
    [Alias("Extend")]
    Task<SweepExtended> Extend(SweepExtension extension, string key, CancellationToken cancellationToken);

    /// <summary>
    /// Demands the weights of a trial's best epoch, which are not kept any more. They are trained again, to the same bits. The call returns
    /// the epoch, and is harmless to repeat.
    /// </summary>
    /// <exception cref="Model.SpecException">There is no such trial, or it has no epoch yet.</exception>
    [Alias("TrainWeights")]
    Task<int> TrainWeights(int trial, CancellationToken cancellationToken);

    /// <summary>Cancels the sweep if need be, then forgets it. Trainings that another sweep asks for stay.</summary>
    [Alias("Delete")]
    Task Delete(CancellationToken cancellationToken);

    /// <summary>
    /// Tells the coordinator that a training's facts in the database have moved on. The call is harmless to repeat and harmless to lose.
    /// </summary>
    [AlwaysInterleave, Alias("TrainingMoved")]
    Task TrainingMoved(Digest recipe, CancellationToken cancellationToken);

    /// <summary>Looks at all trainings that have moved since the last look. The coordinator sends this call to itself.</summary>
    [Alias("SettleMoved")]
    Task SettleMoved(CancellationToken cancellationToken);

    /// <summary>Wakes the coordinator and lets it catch up with the database.</summary>
    [Alias("Tend")]
    Task Tend(CancellationToken cancellationToken);
}

/// <param name="Text">The text of the sweep file, unchanged.</param>
/// <param name="Folder">The absolute path that relative paths in the file start from.</param>
/// <param name="FileName">The name of the file, for messages.</param>
/// <param name="TraceParent">The W3C traceparent of the submission.</param>
/// <param name="NoReuse">Whether every trial trains for itself. The recipes and the digest are those of a sweep that reuses.</param>
/// <param name="Package">The files that the program is shipped with, packed; null without any. See `PackedFiles`.</param>
/// <param name="Fork">Asks for a fork instead. The file is then that of the parent's sweep, and the one given here is ignored.</param>
[GenerateSerializer, Immutable, Alias("SubmitRequest")]
public sealed record SubmitRequest(
    [property: Id(0)] string Text, [property: Id(1)] string Folder, [property: Id(2)] string FileName,
    [property: Id(3)] string? TraceParent,
    [property: Id(4)] bool NoReuse = false, [property: Id(5)] ForkRequest? Fork = null,
    [property: Id(6)] byte[]? Package = null);
