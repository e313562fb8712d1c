using Grains.Interfaces;
using Grains.Interfaces.Model;
using Grains.Storage.Journal;
using Orleans.Placement;

namespace Grains.Trainings;

/// <summary>
/// The training-trial grain. The slot's thread computes; this is the training's address in the cluster: it tells the coordinators that
/// wait for an epoch when it is there, and tells the thread when what they want has changed.
/// </summary>
[PreferLocalPlacement]
public sealed class TrainingGrain(TrainingRunner runner, JournalReader reader) : Grain, ITrainingGrain
{
    private IReadOnlyList<string> _sweeps = [];
    private int _attempt;

    private Digest Recipe => new(this.GetPrimaryKeyString());

    public async Task Begin(int attempt, CancellationToken cancellationToken)
    {
        _attempt = Math.Max(_attempt, attempt);
        _sweeps = await reader.DemandingSweeps(Recipe);
    }

    public async Task Advanced(int attempt, int epoch, CancellationToken cancellationToken)
    {
        // Late news of an earlier attempt says nothing that the later one will not.
        if (attempt < _attempt) return;
        if (_sweeps.Count == 0) _sweeps = await reader.DemandingSweeps(Recipe);
        foreach (var sweep in _sweeps) await GrainFactory.GetGrain<ISweepGrain>(sweep).TrainingMoved(Recipe, cancellationToken);
    }

    public async Task DemandChanged(CancellationToken cancellationToken)
    {
        _sweeps = await reader.DemandingSweeps(Recipe);
        await runner.DemandChanged(Recipe);
    }
}
