using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Storage.Journal;
using Orleans.Placement;

namespace Grains.Trainings;

/// <summary>
/// The training-trial grain. The slot's thread computes, and this is the training's address in the cluster. It tells the coordinators that
/// wait for an epoch when that is kept, and tells the thread when their demands have changed.
/// </summary>
[PreferLocalPlacement]
public sealed class TrainingGrain(TrainingRunner runner, JournalReader reader) : Grain, ITrainingGrain
{
    private int _attempt;

    private Digest Recipe => new(this.GetPrimaryKeyString());

    public Task Begin(int attempt, CancellationToken cancellationToken)
    {
        _attempt = Math.Max(_attempt, attempt);
        return Task.CompletedTask;
    }

    // Late news of an earlier attempt says nothing that the later one will not say.
    public Task Advanced(int attempt, int epoch, CancellationToken cancellationToken) =>
        attempt < _attempt ? Task.CompletedTask : TellCoordinators(cancellationToken);

    public async Task Ended(int attempt, CancellationToken cancellationToken)
    {
        if (attempt < _attempt) return;
        await TellCoordinators(cancellationToken);
        // For each training under way a hundred thousand may have ended.
        if (attempt >= _attempt) DeactivateOnIdle();
    }

    public Task DemandChanged(CancellationToken cancellationToken) => runner.DemandChanged(Recipe);

    private async Task TellCoordinators(CancellationToken cancellationToken)
    {
        foreach (var sweep in await reader.DemandingSweeps(Recipe))
            await GrainFactory.GetGrain<ISweepGrain>(sweep).TrainingMoved(Recipe, cancellationToken);
    }
}
