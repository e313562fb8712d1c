using Grains.Interfaces.Model;
using Orleans.Concurrency;

namespace Grains.Interfaces;

/// <summary>The coordinator of one sweep, keyed by its id. Its state is in the journal; what it decides is committed before anyone is told.</summary>
[Alias("ISweepGrain")]
public interface ISweepGrain : IGrainWithStringKey
{
    /// <summary>Records the sweep and starts to prepare it. A repeat with the same key is answered like the first.</summary>
    /// <exception cref="Model.SpecException">The file has mistakes, or the key belongs to another file.</exception>
    [Alias("Submit")]
    Task Submit(SubmitRequest request, CancellationToken cancellationToken);

    /// <summary>No further epoch starts; what is measured stays. Harmless on a sweep that has ended.</summary>
    [Alias("Cancel")]
    Task Cancel(CancellationToken cancellationToken);

    /// <summary>Withdraws the demands: trainings stop at their last whole epoch and keep it. Harmless to repeat.</summary>
    /// <exception cref="Model.SpecException">It has ended, or has not begun.</exception>
    [Alias("Pause")]
    Task Pause(CancellationToken cancellationToken);

    /// <summary>Makes the demands again. Harmless to repeat.</summary>
    /// <exception cref="Model.SpecException">It is not paused.</exception>
    [Alias("Resume")]
    Task Resume(CancellationToken cancellationToken);

    /// <summary>
    /// Failed trials are demanded again, from their last checkpoint; the failure is forgotten. Answers how many. Trials that diverged stay as
    /// they are: their recipes determine it, and the same bits would come again.
    /// </summary>
    /// <param name="trial">One of them; null for all.</param>
    /// <exception cref="Model.SpecException">That trial has not failed, what failed diverged, or the sweep was cancelled.</exception>
    [Alias("Retry")]
    Task<int> Retry(int? trial, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the sweep more points or replicates, or its points a larger budget: finished trials go on where they ended. What results is what a
    /// fresh sweep of that size gives. Where the file varies the budget itself, the longest trial of each point gets the larger one. Answers at once;
    /// the new trials are prepared in the background, as at submission (<see cref="ISweepReaderGrain.Extension"/>).
    /// </summary>
    /// <param name="key">Names the request: its repeat changes nothing and is answered alike.</param>
    /// <exception cref="Model.SpecException">The sweep cannot be extended in its state, or so.</exception>
    [Alias("Extend")]
    Task<SweepExtended> Extend(SweepExtension extension, string key, CancellationToken cancellationToken);

    /// <summary>
    /// Demands the weights of a trial's best epoch, which are not kept any more: they are trained again, to the same bits. Answers the epoch.
    /// Harmless to repeat.
    /// </summary>
    /// <exception cref="Model.SpecException">There is no such trial, or it has no epoch yet.</exception>
    [Alias("TrainWeights")]
    Task<int> TrainWeights(int trial, CancellationToken cancellationToken);

    /// <summary>Cancels if need be, then forgets the sweep. Trainings that another sweep asks for stay.</summary>
    [Alias("Delete")]
    Task Delete(CancellationToken cancellationToken);

    /// <summary>A training's facts in the database have moved on: look at them. Harmless to repeat, harmless to lose.</summary>
    [AlwaysInterleave, Alias("TrainingMoved")]
    Task TrainingMoved(Digest recipe, CancellationToken cancellationToken);

    /// <summary>The coordinator's word to itself: looks at all trainings that have moved since it last did.</summary>
    [Alias("SettleMoved")]
    Task SettleMoved(CancellationToken cancellationToken);

    /// <summary>Wakes the coordinator and lets it catch up with the database.</summary>
    [Alias("Tend")]
    Task Tend(CancellationToken cancellationToken);
}

/// <param name="Text">The sweep file, as it is.</param>
/// <param name="Folder">Absolute: what relative paths in the file are relative to.</param>
/// <param name="FileName">For messages.</param>
/// <param name="TraceParent">W3C traceparent of the submission.</param>
/// <param name="NoReuse">Every trial trains for itself; the recipes and the digest are those of a sweep that reuses.</param>
/// <param name="Fork">Asks for a fork instead; the file is then that of the parent's sweep, and what is given here of it is not looked at.</param>
[GenerateSerializer, Immutable, Alias("SubmitRequest")]
public sealed record SubmitRequest(
    [property: Id(0)] string Text, [property: Id(1)] string Folder, [property: Id(2)] string FileName, [property: Id(3)] string? TraceParent,
    [property: Id(4)] bool NoReuse = false, [property: Id(5)] ForkRequest? Fork = null);
