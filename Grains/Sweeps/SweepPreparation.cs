using System.Text;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Specs;
using Grains.Storage;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;

namespace Grains.Sweeps;

/// <summary>Turns a plan into recipes: looks at the data, and draws or checks the initial checkpoints, each once.</summary>
public sealed class SweepPreparation(DatasetCache datasets, CheckpointStore checkpoints, JournalReader reader, JournalWriter writer, SweepOptions options)
{
    /// <param name="reuse">Whether trials of one recipe share its training. If not, each trial trains for itself: the recipe is the same, the training is not.</param>
    /// <exception cref="SpecException">The data cannot be read, or a model or checkpoint does not fit them.</exception>
    public async Task<PreparedSweep> Prepare(SweepId id, SweepSpec spec, bool reuse, ForkRequest? fork, string? traceParent, CancellationToken cancellationToken)
    {
        var data = await datasets.GetAsync(spec.Data, cancellationToken);
        if (fork is not null) return await PrepareFork(id, spec, fork, data, traceParent);
        return await Lay(id, spec, SweepPlanner.Plan(spec).Trials, data, reuse, traceParent, cancellationToken);
    }

    /// <summary>The trials that a sweep is to have beyond those it has.</summary>
    /// <exception cref="SpecException">It cannot be extended so, or its data are no longer there.</exception>
    public async Task<PreparedSweep> Extend(SweepRow sweep, SweepExtension extension, CancellationToken cancellationToken)
    {
        var id = new SweepId(sweep.Id);
        var before = await reader.Extension(id);
        if (extension is { Trials: null, Replicates: null }) return new PreparedSweep(default, [], [], []);
        if (sweep.Fork is not null) throw new SpecException($"Sweep {id} is a fork: one trial, of one point. Only --epochs can extend it.");
        var file = SweepSpecReader.Read(sweep.Text, sweep.FileName, sweep.Folder).Spec!;
        var spec = SweepPlanner.Extend(file, before);
        var added = SweepPlanner.Added(SweepPlanner.Plan(spec), SweepPlanner.Plan(SweepPlanner.Extend(spec, extension)));
        var data = await datasets.GetAsync(spec.Data, cancellationToken);
        int epochs = Math.Max(before.Epochs ?? 0, extension.Epochs ?? 0);
        // As those that are there: of each point's budgets the longest is raised.
        var longest = added.GroupBy(t => (t.Replicate, Canonical.Json(t.Point.Configuration))).Select(g => g.MaxBy(t => t.Point.Epochs)!.Number).ToHashSet();
        var raised = added.Select(t => longest.Contains(t.Number) && t.Point.Epochs < epochs ? t with { Point = t.Point with { Epochs = epochs } } : t);
        return await Lay(id, spec, raised, data, sweep.Reuse == 1, sweep.Traceparent, cancellationToken);
    }

    private async Task<PreparedSweep> Lay(
        SweepId id, SweepSpec spec, IEnumerable<PlannedTrial> planned, Dataset data, bool reuse, string? traceParent, CancellationToken cancellationToken)
    {
        string dataJson = Canonical.Json(spec.Data);
        var own = spec.InitialCheckpoint is { } path ? await OwnCheckpoint(path, cancellationToken) : null;
        var drawn = new Dictionary<string, Digest>();
        var trainings = new Dictionary<string, NewTraining>();
        var trials = new List<NewTrial>();
        foreach (var trial in planned)
        {
            var configuration = trial.Point.Configuration.For(data.Identity);
            var network = Network.Of(configuration.Model, data.Identity.Height, data.Identity.Width, data.Identity.Classes);
            var recipe = new Recipe
            {
                Configuration = configuration,
                Data = data.Identity,
                Seed = spec.Seed,
                Replicate = trial.Replicate,
                InitialCheckpoint = own is null ? await Draw(network, configuration.Model, spec.Seed, trial.Replicate, drawn) : Check(own, network),
                NumericPath = NumericPath.Of(configuration),
            };
            string json = Canonical.Json(recipe), name = (reuse ? recipe.Digest() : PrivateName(recipe, id, trial.Number)).Value;
            trainings.TryAdd(name, new NewTraining(name, json, dataJson, network.ParameterCount, traceParent, reuse));
            trials.Add(new NewTrial(id.Value, trial.Number, trial.Point.Name, ParametersJson.Write(trial.Point.Parameters), trial.Replicate,
                trial.Point.Epochs, name));
        }
        await DropDamaged(trials);
        return new PreparedSweep(data.Identity.Digest, data.ClassNames, [.. trainings.Values], trials);
    }

    private async Task<PreparedSweep> PrepareFork(SweepId id, SweepSpec spec, ForkRequest fork, Dataset data, string? traceParent)
    {
        var trial = ForkPlanner.Of(spec, fork).Trials[0];
        var row = (await reader.Trials(fork.Sweep)).FirstOrDefault(t => t.Number == fork.Trial)
            ?? throw new SpecException($"--trial: sweep {fork.Sweep} has no trial {fork.Trial} any more. `sweep list` shows what there is.");
        var parent = Canonical.Read<Recipe>(row.RecipeJson);
        if (data.Identity != parent.Data) throw new SpecException($"data: they are not what sweep {fork.Sweep} was trained on ({data.Identity.Digest.Short}, not {parent.Data.Digest.Short}).");
        var configuration = trial.Point.Configuration.For(data.Identity);
        ForkPlanner.RequireSameState(parent.Configuration, configuration, data.Identity);

        var states = (await reader.Checkpoints(new Digest(row.Recipe))).Where(c => c.Kind == CheckpointKinds.State && c.Optimizer is not null).ToList();
        if (states.Find(c => c.Epoch == fork.Epoch) is not { } state || !checkpoints.IsWhole(new Digest(state.Weights)) || !checkpoints.IsWhole(new Digest(state.Optimizer!)))
        {
            string kept = states.Count == 0 ? "none" : string.Join(", ", states.Select(c => c.Epoch).Order());
            throw new SpecException($"--at: the state at epoch {fork.Epoch} is not kept; kept are those at: {kept}. Take one of these, or submit the sweep with epochs: {fork.Epoch} first.");
        }
        var start = new ForkStart(row.Recipe, state.Epoch, new Digest(state.Weights), new Digest(state.Optimizer!), 0);
        var recipe = parent with
        {
            Configuration = configuration,
            NumericPath = NumericPath.Of(configuration),
            Fork = new Fork(parent.Digest(), start.Epoch, start.Weights, start.Optimizer),
        };
        string name = recipe.Digest().Value;
        var network = Network.Of(configuration.Model, data.Identity.Height, data.Identity.Width, data.Identity.Classes);
        var trials = new List<NewTrial>
        {
            new(id.Value, 1, trial.Point.Name, ParametersJson.Write(trial.Point.Parameters), trial.Replicate, trial.Point.Epochs, name),
        };
        await DropDamaged(trials);
        var training = new NewTraining(name, Canonical.Json(recipe), Canonical.Json(spec.Data), network.ParameterCount, traceParent, true, start);
        return new PreparedSweep(data.Identity.Digest, data.ClassNames, [training], trials);
    }

    private static Digest PrivateName(Recipe recipe, SweepId sweep, int trial) => Digest.Of(Encoding.UTF8.GetBytes($"{sweep}/{trial} {recipe.Digest()}"));

    /// <summary>A trial counts as met when its last checkpoint is kept: so what is about to be relied on is read first, and forgotten if it is damaged.</summary>
    private async Task DropDamaged(IReadOnlyList<NewTrial> trials)
    {
        foreach (var training in trials.GroupBy(t => t.Recipe, t => t.Epochs))
        {
            foreach (var row in (await reader.Checkpoints(new Digest(training.Key))).Where(c => c.Kind == CheckpointKinds.State && training.Contains(c.Epoch)))
            {
                foreach (string file in new[] { row.Weights, row.Optimizer }.OfType<string>())
                    if (!checkpoints.IsWhole(new Digest(file))) await checkpoints.Forget(new Digest(file), writer);
            }
        }
    }

    /// <summary>Puts, and replaces what was damaged under the same name.</summary>
    private async Task<Digest> Keep(byte[] bytes)
    {
        var digest = await checkpoints.Put(bytes, CancellationToken.None);
        return checkpoints.IsWhole(digest) ? digest : await checkpoints.Put(bytes, CancellationToken.None);
    }

    /// <summary>One file per architecture, initializer and replicate: equal layers start from equal numbers.</summary>
    private async Task<Digest> Draw(Network network, ModelSpec model, long seed, int replicate, Dictionary<string, Digest> drawn)
    {
        var initializer = model.Initializer ?? throw new InvalidOperationException("A drawn start needs an initializer.");
        string key = $"{replicate}|{initializer}|" + string.Join(';', network.Tensors.Select(t => $"{t.Name}:{string.Join(',', t.Dimensions)}"));
        if (!drawn.TryGetValue(key, out var digest))
        {
            RefuseTooLarge(network);
            drawn[key] = digest = await Keep(InitialCheckpoint.Draw(network, initializer, seed, replicate));
        }
        return digest;
    }

    /// <summary>The numbers and the file of them must fit here at once, and a file into one array: or this silo, and each that takes over, would die of it.</summary>
    private void RefuseTooLarge(Network network)
    {
        double bytes = network.Tensors.Sum(t => (double)t.Count) * sizeof(float), most = Math.Min(Array.MaxLength - (1 << 20), options.Memory / 2.0);
        if (bytes <= most) return;
        throw new SpecException(FormattableString.Invariant(
            $"model: {network.ParameterCount:N0} parameters are {bytes / (1 << 20):N0} MiB, and the first checkpoint may have {most / (1 << 20):N0} MiB here. Take narrower layers."));
    }

    private async Task<OwnStart> OwnCheckpoint(string path, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (IOException e)
        {
            throw new SpecException($"initial_checkpoint: {path} cannot be read ({e.Message}). Give the path of a safetensors file, or `auto`.");
        }
        var tensors = Safetensors.Read(bytes, path).Tensors;
        // Kept in our own form, so that a recipe names the numbers and not the order in which a file holds them.
        return new OwnStart(Path.GetFileName(path), tensors, await Keep(Safetensors.Write(tensors)));
    }

    private static Digest Check(OwnStart own, Network network)
    {
        InitialCheckpoint.Check(network, own.Tensors, own.FileName);
        return own.Digest;
    }

    private sealed record OwnStart(string FileName, IReadOnlyList<NamedTensor> Tensors, Digest Digest);
}

public sealed record PreparedSweep(Digest Data, IReadOnlyList<string> ClassNames, IReadOnlyList<NewTraining> Trainings, IReadOnlyList<NewTrial> Trials);
