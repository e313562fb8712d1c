using System.Text.Json;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Specs;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;

namespace Grains.Sweeps;

/// <summary>Turns a plan into recipes: looks at the data, and draws or checks the initial checkpoints, each once.</summary>
public sealed class SweepPreparation(DatasetCache datasets, CheckpointStore checkpoints)
{
    /// <exception cref="SpecException">The data cannot be read, or a model or checkpoint does not fit them.</exception>
    public async Task<PreparedSweep> Prepare(SweepId id, SweepSpec spec, string? traceParent, CancellationToken cancellationToken)
    {
        var data = await datasets.GetAsync(spec.Data, cancellationToken);
        var plan = SweepPlanner.Plan(spec);
        string dataJson = Canonical.Json(spec.Data);
        var own = spec.InitialCheckpoint is { } path ? await OwnCheckpoint(path, cancellationToken) : null;
        var drawn = new Dictionary<string, Digest>();
        var trainings = new Dictionary<string, NewTraining>();
        var trials = new List<NewTrial>();
        foreach (var trial in plan.Trials)
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
            string json = Canonical.Json(recipe), name = recipe.Digest().Value;
            trainings.TryAdd(name, new NewTraining(name, json, dataJson, network.ParameterCount, traceParent));
            trials.Add(new NewTrial(id.Value, trial.Number, trial.Point.Name, ParametersJson.Write(trial.Point.Parameters), trial.Replicate,
                trial.Point.Epochs, name));
        }
        return new PreparedSweep(data.Identity.Digest, data.ClassNames, [.. trainings.Values], trials);
    }

    /// <summary>One file per architecture, initializer and replicate: equal layers start from equal numbers.</summary>
    private async Task<Digest> Draw(Network network, ModelSpec model, long seed, int replicate, Dictionary<string, Digest> drawn)
    {
        var initializer = model.Initializer ?? throw new InvalidOperationException("A drawn start needs an initializer.");
        string key = $"{replicate}|{initializer}|" + string.Join(';', network.Tensors.Select(t => $"{t.Name}:{string.Join(',', t.Dimensions)}"));
        if (!drawn.TryGetValue(key, out var digest))
            drawn[key] = digest = await checkpoints.Put(InitialCheckpoint.Draw(network, initializer, seed, replicate), CancellationToken.None);
        return digest;
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
        return new OwnStart(Path.GetFileName(path), tensors, await checkpoints.Put(Safetensors.Write(tensors), CancellationToken.None));
    }

    private static Digest Check(OwnStart own, Network network)
    {
        InitialCheckpoint.Check(network, own.Tensors, own.FileName);
        return own.Digest;
    }

    private sealed record OwnStart(string FileName, IReadOnlyList<NamedTensor> Tensors, Digest Digest);
}

public sealed record PreparedSweep(Digest Data, IReadOnlyList<string> ClassNames, IReadOnlyList<NewTraining> Trainings, IReadOnlyList<NewTrial> Trials);
