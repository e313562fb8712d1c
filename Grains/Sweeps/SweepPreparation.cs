using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Specs;
using Grains.Storage;
using Grains.Storage.Checkpoints;
using Grains.Storage.Databases;
using Grains.Storage.Journal;

namespace Grains.Sweeps;

/// <summary>Prepares the start of a sweep's trials: their recipes, and the initial checkpoints in the store.</summary>
public sealed class SweepPreparation(SweepLayout layout, CheckpointStore checkpoints, JournalReader reader, JournalWriter writer,
    TimeProvider clock)
{
    private static readonly TimeSpan StoragePause = TimeSpan.FromSeconds(1);

    /// <exception cref="SpecException">The data cannot be read, or a model or checkpoint does not fit them.</exception>
    public async Task<PreparedSweep> Prepare(SweepRow sweep, CancellationToken cancellationToken)
    {
        var spec = SweepSpecs.Of(sweep);
        var fork = sweep.Fork is null ? null : Canonical.Read<ForkRequest>(sweep.Fork);
        var prepared = await layout.Of(new SweepId(sweep.Id), spec, sweep.Reuse == 1, fork, sweep.Traceparent,
            b => Keep(b, cancellationToken), cancellationToken);
        await DropDamaged(prepared.Trials, cancellationToken);
        return prepared;
    }

    /// <summary>The trials that a search has proposed.</summary>
    /// <exception cref="SpecException">A point does not fit the data, or these are no longer there.</exception>
    public async Task<PreparedSweep> Lay(SweepRow sweep, SweepSpec spec, IReadOnlyList<PlannedTrial> trials, CancellationToken cancellationToken)
    {
        var prepared = await layout.Proposed(sweep, spec, trials, b => Keep(b, cancellationToken), cancellationToken);
        await DropDamaged(prepared.Trials, cancellationToken);
        return prepared;
    }

    /// <summary>The trials that a sweep is to have beyond those it has.</summary>
    /// <exception cref="SpecException">It cannot be extended so, or its data are no longer there.</exception>
    public async Task<PreparedSweep> Extend(SweepRow sweep, SweepExtension extension, CancellationToken cancellationToken)
    {
        var prepared = await layout.Extension(sweep, extension, b => Keep(b, cancellationToken), cancellationToken);
        await DropDamaged(prepared.Trials, cancellationToken);
        return prepared;
    }

    /// <summary>Forgets the checkpoints of a training's epoch that are damaged or gone, so that they are made again when they are demanded.</summary>
    public async Task DropDamaged(string training, int epoch)
    {
        foreach (var row in (await reader.Checkpoints(new Digest(training))).Where(c => c.Epoch == epoch))
            await DropDamaged(row);
    }

    /// <summary>Whether a training can come to an epoch again: from a state that is kept whole, or from its first weights.</summary>
    public async Task<bool> CanReach(TrialRow trial, int epoch)
    {
        var recipe = Recipe.Read(trial.RecipeJson);
        if (!recipe.Repeats) return false;
        bool drawn = recipe is ClassifierRecipe { Configuration.Model.Initializer: not null };
        if (recipe.Fork is null && (drawn || checkpoints.IsWhole(recipe.InitialCheckpoint))) return true;
        return (await reader.Checkpoints(new Digest(trial.Recipe)))
            .Any(c => c.Kind == CheckpointKinds.State && c.Epoch <= epoch && c.Optimizer is { } optimizer
                && checkpoints.IsWhole(new Digest(c.Weights)) && checkpoints.IsWhole(new Digest(optimizer)));
    }

    /// <summary>The reason why a trial cannot go on beyond its budget; null when it can, or when all of it can be trained again.</summary>
    public async Task<string?> WhyNotLonger(TrialRow trial)
    {
        if (Recipe.Read(trial.RecipeJson).Repeats) return null;
        var training = new Digest(trial.Recipe);
        int last = await reader.LastEpoch(training);
        bool kept = last == 0 || (await reader.Checkpoints(training))
            .Any(c => c.Kind == CheckpointKinds.State && c.Epoch == last && c.Weights != Digest.Of([]).Value
                && checkpoints.IsWhole(new Digest(c.Weights)));
        return kept ? null : $"Trial {trial.Number}: its state at epoch {last} is not kept any more, and its program does not promise the same " +
            "numbers again (program.repeatable), so that it cannot go on. Submit a sweep with more epochs.";
    }

    /// <summary>
    /// A trial counts as met when its last checkpoint is kept. So each checkpoint that is about to be relied on is read first, and
    /// forgotten if it is damaged.
    /// </summary>
    private async Task DropDamaged(IReadOnlyList<NewTrial> trials, CancellationToken cancellationToken)
    {
        foreach (var training in trials.GroupBy(t => t.Recipe, t => t.Granted))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var row in (await reader.Checkpoints(new Digest(training.Key)))
                .Where(c => c.Kind == CheckpointKinds.State && training.Contains(c.Epoch)))
            {
                await DropDamaged(row);
            }
        }
    }

    private async Task DropDamaged(CheckpointRow row)
    {
        foreach (string file in new[] { row.Weights, row.Optimizer }.OfType<string>())
            if (!checkpoints.IsWhole(new Digest(file))) await checkpoints.Forget(new Digest(file), writer);
    }

    /// <summary>
    /// Puts a checkpoint, and replaces a damaged file of the same name. While the disk has no room, or may not be written, it waits.
    /// </summary>
    public async Task<Digest> Keep(byte[] bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var digest = await checkpoints.Put(bytes, cancellationToken);
                return checkpoints.IsWhole(digest) ? digest : await checkpoints.Put(bytes, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && StorageTrouble.Passing(e) is not null)
            {
                await Task.Delay(StoragePause, clock, cancellationToken);
            }
        }
    }
}
