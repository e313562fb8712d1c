using System.Globalization;
using System.Text;
using Grains.Hosting;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Files;
using Grains.Interfaces.Model.Networks;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;
using Grains.Storage.Checkpoints;
using Grains.Storage.Journal;
using Grains.Training;
using Grains.Training.Checkpoints;
using Grains.Training.Data;
using Grains.Trainings;

namespace Grains.Sweeps;

/// <summary>
/// Turns a plan into recipes. It looks at the data, and draws or checks each initial checkpoint once. It writes nothing itself.
/// </summary>
/// <remarks>Each method is given a function for an initial checkpoint. Whoever prepares a sweep keeps the bytes; whoever only forecasts
/// asks for their name.</remarks>
public sealed class SweepLayout(DatasetCache datasets, CheckpointStore checkpoints, JournalReader reader, SweepOptions options,
    RecordedProgram recorded)
{
    /// <summary>
    /// The largest size of a user's own initial checkpoint. A file of this size fits into one array, with the numbers beside it.
    /// </summary>
    private const long LargestFile = 1L << 30;

    /// <param name="reuse">Whether trials of one recipe share its training. If not, each trial trains for itself, under the same
    /// recipe.</param>
    /// <exception cref="SpecException">The data cannot be read, or a model or checkpoint does not fit them.</exception>
    public async Task<PreparedSweep> Of(
        SweepId id, SweepSpec spec, bool reuse, ForkRequest? fork, string? traceParent, Func<byte[], Task<Digest>> keep,
        CancellationToken cancellationToken)
    {
        // What a search proposes is laid out when it does.
        var trials = spec.Search.Decides && fork is null ? [] : SweepPlanner.Plan(spec).Trials;
        if (spec.Program is ShippedSpec shipped) return Lay(id, spec, shipped, trials, reuse, traceParent);
        var program = (ClassifierSpec)spec.Program;
        var data = await datasets.GetAsync(program.Data, cancellationToken);
        if (fork is not null) return await Fork(id, spec, fork, data, traceParent);
        return await Lay(id, spec, trials, data, reuse, traceParent, keep, cancellationToken) with
        { Notes = data.Notes };
    }

    /// <summary>The trials that a search has proposed.</summary>
    /// <exception cref="SpecException">A point does not fit the data, or these are no longer there.</exception>
    public async Task<PreparedSweep> Proposed(SweepRow sweep, SweepSpec spec, IReadOnlyList<PlannedTrial> trials,
        Func<byte[], Task<Digest>> keep, CancellationToken cancellationToken)
    {
        var id = new SweepId(sweep.Id);
        if (spec.Program is ShippedSpec shipped) return Lay(id, spec, shipped, trials, sweep.Reuse == 1, sweep.Traceparent);
        var data = await datasets.GetAsync(((ClassifierSpec)spec.Program).Data, cancellationToken);
        return await Lay(id, spec, trials, data, sweep.Reuse == 1, sweep.Traceparent, keep, cancellationToken);
    }

    /// <summary>The trials that a sweep is to have beyond those it has. This looks at no data. A search finds its own as it goes.</summary>
    /// <exception cref="SpecException">It cannot be extended so.</exception>
    public async Task<(SweepSpec Spec, IReadOnlyList<PlannedTrial> Added, int Count)> PlanExtension(SweepRow sweep, SweepExtension extension)
    {
        var (spec, added) = await Added(sweep, extension);
        if (!spec.Search.Decides) return (spec, added, added.Count);
        int more = SweepPlanner.Extend(spec, extension).Search.Trials - spec.Search.Trials;
        return (spec, [], more * spec.Replicates);
    }

    private async Task<(SweepSpec Spec, IReadOnlyList<PlannedTrial> Added)> Added(SweepRow sweep, SweepExtension extension)
    {
        var id = new SweepId(sweep.Id);
        var before = await reader.Extension(id);
        var spec = SweepPlanner.Extend(SweepSpecs.Of(sweep), before);
        var larger = SweepPlanner.Extend(spec, extension);
        if (spec.Search.Decides) return (spec, []);
        if (extension is { Trials: null, Replicates: null }) return (spec, []);
        if (sweep.Fork is not null) throw new SpecException($"Sweep {id} is a fork: one trial, of one point. Only --epochs can extend it.");
        var added = SweepPlanner.Added(SweepPlanner.Plan(spec), SweepPlanner.Plan(larger));
        int epochs = Math.Max(before.Epochs ?? 0, extension.Epochs ?? 0);
        // The new trials are like those of the sweep: the longest of each point's budgets is raised.
        var longest = added.GroupBy(t => (t.Replicate, t.Point.Configuration.Json()))
            .Select(g => g.MaxBy(t => t.Point.Epochs)!.Number).ToHashSet();
        return (spec, [.. added.Select(
            t => longest.Contains(t.Number) && t.Point.Epochs < epochs ? t with { Point = t.Point with { Epochs = epochs } } : t)]);
    }

    /// <exception cref="SpecException">The data are no longer there, or have changed.</exception>
    public async Task<PreparedSweep> Extension(SweepRow sweep, SweepExtension extension, Func<byte[], Task<Digest>> keep,
        CancellationToken cancellationToken)
    {
        var (spec, added, _) = await PlanExtension(sweep, extension);
        if (added.Count == 0) return new PreparedSweep([], [], []);
        return await Proposed(sweep, spec, added, keep, cancellationToken);
    }

    private PreparedSweep Lay(SweepId id, SweepSpec spec, ShippedSpec program, IEnumerable<PlannedTrial> trials, bool reuse, string? traceParent) =>
        program switch
        {
            CommandSpec command => CommandLayout.Of(id, spec, command, trials, reuse, traceParent),
            RecordedSpec curves => RecordedLayout.Of(id, spec, curves, recorded.CurvesOf(curves.Package!.Value, curves.Task), trials, reuse,
                traceParent),
            var other => throw new InvalidOperationException($"No layout for {other.GetType().Name}."),
        };

    private async Task<PreparedSweep> Lay(
        SweepId id, SweepSpec spec, IEnumerable<PlannedTrial> planned, Dataset data, bool reuse, string? traceParent,
        Func<byte[], Task<Digest>> keep,
        CancellationToken cancellationToken)
    {
        var program = (ClassifierSpec)spec.Program;
        string dataJson = Canonical.Json(program.Data);
        var own = program.InitialCheckpoint is { } path ? await OwnStartOf(path, keep, cancellationToken) : null;
        var drawn = new Dictionary<string, Digest>();
        var trainings = new Dictionary<string, NewTraining>();
        var trials = new List<NewTrial>();
        foreach (var trial in planned)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var configuration = ((Configuration)trial.Point.Configuration).For(data.Identity);
            var network = Network.Of(configuration.Model, data.Identity.Height, data.Identity.Width, data.Identity.Classes);
            var recipe = new ClassifierRecipe
            {
                Configuration = configuration,
                Data = data.Identity,
                Seed = spec.Seed,
                Replicate = trial.Replicate,
                InitialCheckpoint = own is null
                    ? await Draw(network, configuration.Model, spec.Seed, trial.Replicate, drawn, keep)
                    : Check(own, network),
                NumericPath = NumericPath.Of(configuration),
            };
            string json = recipe.Json(), name = (reuse ? recipe.Digest() : PrivateName(recipe, id, trial.Number)).Value;
            trainings.TryAdd(name, new NewTraining(name, json, dataJson, network.ParameterCount, traceParent, reuse));
            trials.Add(new NewTrial(id.Value, trial.Number, trial.Point.Name, Canonical.Json(trial.Point.Parameters), trial.Replicate,
                trial.Point.Epochs, name));
        }
        return new PreparedSweep(data.ClassNames, [.. trainings.Values], trials);
    }

    private async Task<PreparedSweep> Fork(SweepId id, SweepSpec spec, ForkRequest fork, Dataset data, string? traceParent)
    {
        var trial = ForkPlanner.Of(spec, fork).Trials[0];
        var row = await reader.Trial(new TrialId(fork.Sweep, fork.Trial))
            ?? throw new SpecException(
                $"--trial: sweep {fork.Sweep} has no trial {fork.Trial} any more. `sweep list` shows what there is.");
        var parent = (ClassifierRecipe)Recipe.Read(row.RecipeJson);
        if (data.Identity != parent.Data)
        {
            throw new SpecException($"data: they are not what sweep {fork.Sweep} was trained on ({data.Identity.Digest.Short}, " +
                $"not {parent.Data.Digest.Short}).");
        }
        var configuration = ((Configuration)trial.Point.Configuration).For(data.Identity);
        ForkPlanner.RequireSameState(parent.Configuration, configuration, data.Identity);

        var states = (await reader.Checkpoints(new Digest(row.Recipe)))
            .Where(c => c.Kind == CheckpointKinds.State && c.Optimizer is not null).ToList();
        if (states.Find(c => c.Epoch == fork.Epoch) is not { } state || !checkpoints.Holds(new Digest(state.Weights))
            || !checkpoints.Holds(new Digest(state.Optimizer!)))
        {
            string kept = states.Count == 0 ? "none" : string.Join(", ", states.Select(c => c.Epoch).Order());
            throw new SpecException($"--at: the state at epoch {fork.Epoch} is not kept; kept are those at: {kept}. " +
                $"Take one of these, or submit the sweep with epochs: {fork.Epoch} first.");
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
        var training = new NewTraining(name, recipe.Json(), Canonical.Json(((ClassifierSpec)spec.Program).Data), network.ParameterCount, traceParent,
            true, start);
        return new PreparedSweep(data.ClassNames, [training],
            [new NewTrial(id.Value, 1, trial.Point.Name, Canonical.Json(trial.Point.Parameters), trial.Replicate,
                trial.Point.Epochs, name)]);
    }

    /// <summary>The name of a training that no other trial shares.</summary>
    internal static Digest PrivateName(Recipe recipe, SweepId sweep, int trial) =>
        Digest.Of(Encoding.UTF8.GetBytes($"{sweep}/{trial} {recipe.Digest()}"));

    /// <summary>Makes one file per architecture, initializer and replicate: equal layers start from equal numbers.</summary>
    private async Task<Digest> Draw(Network network, ModelSpec model, long seed, int replicate, Dictionary<string, Digest> drawn,
        Func<byte[], Task<Digest>> keep)
    {
        var initializer = model.Initializer ?? throw new InvalidOperationException("A drawn start needs an initializer.");
        string key = $"{replicate}|{initializer}|"
            + string.Join(';', network.Tensors.Select(t => $"{t.Name}:{string.Join(',', t.Dimensions)}"));
        if (!drawn.TryGetValue(key, out var digest))
        {
            RefuseTooLarge(network);
            drawn[key] = digest = await keep(InitialCheckpoint.Draw(network, initializer, seed, replicate));
        }
        return digest;
    }

    /// <summary>
    /// Refuses a checkpoint that is too large. Its numbers and its file must fit into memory together, and the file into one array.
    /// Otherwise this silo would die of it, and so would each that takes over.
    /// </summary>
    private void RefuseTooLarge(Network network)
    {
        double bytes = network.Tensors.Sum(t => (double)t.Count) * sizeof(float),
            most = Math.Min(Array.MaxLength - (1 << 20), options.Memory / 2.0);
        if (bytes <= most) return;
        throw new SpecException(string.Create(CultureInfo.InvariantCulture,
            $"model: {network.ParameterCount:N0} parameters are {bytes / (1 << 20):N0} MiB, and the first checkpoint may have " +
            $"{most / (1 << 20):N0} MiB here. Take narrower layers."));
    }

    private static async Task<OwnStart> OwnStartOf(string path, Func<byte[], Task<Digest>> keep, CancellationToken cancellationToken)
    {
        var tensors = Safetensors.Read(await ReadOwn(path, cancellationToken), path).Tensors;
        // The checkpoint is kept in our own form, so that a recipe names the numbers and not the order in which a file holds them.
        return new OwnStart(Path.GetFileName(path), tensors, await keep(Safetensors.Write(tensors)));
    }

    /// <summary>
    /// Reads a file without ever waiting for ever. It opens nothing but a regular file, and reads no more than the size the file had at
    /// first.
    /// </summary>
    private static async Task<byte[]> ReadOwn(string path, CancellationToken cancellationToken)
    {
        const string Remedy = "Give the path of a safetensors file, or leave initial_checkpoint out to have one drawn.";
        try
        {
            string? wrong = FileKinds.Of(path) switch
            {
                FileKind.Missing => "does not exist",
                FileKind.Folder => "is a folder",
                FileKind.Special => "is no regular file",
                _ => null,
            };
            if (wrong is not null) throw new SpecException($"initial_checkpoint: {path} {wrong}. {Remedy}");
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
            if (stream.Length > LargestFile)
            {
                throw new SpecException(
                    $"initial_checkpoint: {path} has {stream.Length:N0} bytes; at most {LargestFile:N0} are read. {Remedy}");
            }
            byte[] bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SpecException($"initial_checkpoint: {path} cannot be read ({e.Message}). {Remedy}");
        }
    }

    private static Digest Check(OwnStart own, Network network)
    {
        InitialCheckpoint.Check(network, own.Tensors, own.FileName);
        return own.Digest;
    }

    private sealed record OwnStart(string FileName, IReadOnlyList<NamedTensor> Tensors, Digest Digest);
}

public sealed record PreparedSweep(IReadOnlyList<string> ClassNames, IReadOnlyList<NewTraining> Trainings, IReadOnlyList<NewTrial> Trials)
{
    /// <summary>The notes that a person should read about the data.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
