using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sweeping;

/// <summary>
/// What a training program in C# needs to be swept. It is one file without dependencies: add it to your project.
/// <code>
/// var sweep = SweepProgram.Open(args);
/// double rate = sweep.Number("rate", 0.1);
/// double[] weights = sweep.Load&lt;double[]&gt;() ?? [0, 0];
/// foreach (int epoch in sweep.Epochs(alone: 10))
/// {
///     double loss = Train(weights, rate, sweep.Random(epoch));
///     sweep.Report(epoch, sweep.Save(weights, $"epoch-{epoch}"), ("loss", loss));
/// }
/// </code>
/// The same program runs without a cluster, with parameters as arguments: `rate=0.3`. It then begins at epoch 1, prints what it reports
/// and saves nothing. docs/your-own.md is the reference of what passes between a program and the cluster.
/// </summary>
public sealed class SweepProgram
{
    private const string StateFile = "state.json";

    private readonly Dictionary<string, JsonElement> _parameters;
    private readonly string? _checkpoint = Environment.GetEnvironmentVariable("SWEEP_CHECKPOINT"),
        _metrics = Environment.GetEnvironmentVariable("SWEEP_METRICS");

    private SweepProgram(Dictionary<string, JsonElement> parameters) => _parameters = parameters;

    /// <summary>The epoch to go on from; 0 at the beginning.</summary>
    public int FromEpoch { get; } = Variable("SWEEP_FROM_EPOCH", 0);

    public long Seed { get; } = Variable("SWEEP_SEED", 1L);

    /// <summary>The number of the replicate, from 1.</summary>
    public int Replicate { get; } = Variable("SWEEP_REPLICATE", 1);

    /// <summary>The number of the slot on its silo, from 0.</summary>
    public int Slot { get; } = Variable("SWEEP_SLOT", 0);

    /// <param name="arguments">Without a cluster, those of the form name=value take the place of the sweep.</param>
    public static SweepProgram Open(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable("SWEEP_PARAMETERS") is { } file)
            return new(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(file))!);
        return new(arguments.Select(a => a.Split('=', 2)).Where(a => a.Length == 2).ToDictionary(a => a[0], a => Value(a[1])));
    }

    /// <summary>A parameter of the trial; the default stands for what the sweep does not set.</summary>
    public double Number(string name, double unset) => _parameters.TryGetValue(name, out var value) ? value.GetDouble() : unset;

    public int Whole(string name, int unset) => (int)Number(name, unset);

    public string Text(string name, string unset) => _parameters.TryGetValue(name, out var value) ? value.ToString() : unset;

    public bool Flag(string name, bool unset) => _parameters.TryGetValue(name, out var value) ? value.GetBoolean() : unset;

    /// <summary>The epochs to train, in order.</summary>
    /// <param name="alone">Their number without a cluster.</param>
    public IEnumerable<int> Epochs(int alone = 1) => Enumerable.Range(FromEpoch + 1, Variable("SWEEP_EPOCHS", alone) - FromEpoch);

    /// <summary>Reports an epoch: every metric that the sweep file declares.</summary>
    /// <param name="checkpoint">The name of the checkpoint at this epoch; null without one.</param>
    public void Report(int epoch, string? checkpoint, params ReadOnlySpan<(string Name, double Value)> metrics)
    {
        var line = new Dictionary<string, object?> { ["epoch"] = epoch };
        // JSON has no word for what is not finite; null says the same.
        foreach (var (name, value) in metrics) line[name] = double.IsFinite(value) ? value : null;
        if (checkpoint is not null) line["checkpoint"] = checkpoint;
        string text = JsonSerializer.Serialize(line);
        if (_metrics is null) Console.WriteLine(text);
        else File.AppendAllText(_metrics, $"{text}\n");
    }

    /// <summary>Saves a state, whatever JSON can express, and returns the name for <see cref="Report"/>.</summary>
    /// <param name="name">
    /// Names a checkpoint from which the training can go on, also when this program is killed. Give each epoch another, and leave what you saved
    /// as it is: the cluster may read it later. Without a name the state is the one that counts at the end.
    /// </param>
    public string? Save<T>(T state, string? name = null)
    {
        if (_checkpoint is null) return name;
        string folder = name is null ? _checkpoint : Path.Combine(_checkpoint, name), part = Path.Combine(folder, $"{StateFile}.part");
        Directory.CreateDirectory(folder);
        File.WriteAllText(part, JsonSerializer.Serialize(state));
        File.Move(part, Path.Combine(folder, StateFile), overwrite: true);
        return name;
    }

    /// <summary>The state to go on from, as it was saved; null or zero when the training begins.</summary>
    public T? Load<T>() => FromEpoch == 0 || _checkpoint is null
        ? default
        : JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(_checkpoint, StateFile)));

    /// <summary>
    /// A random stream of its own for each seed, replicate and key. One per epoch has no state to save: a training that goes on draws what an
    /// uninterrupted one draws.
    /// </summary>
    public Random Random(params ReadOnlySpan<long> key)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed}/{Replicate}/{string.Join('/', key.ToArray())}"));
        return new Random(BitConverter.ToInt32(hash));
    }

    private static T Variable<T>(string name, T unset) where T : IParsable<T> =>
        Environment.GetEnvironmentVariable(name) is { } text ? T.Parse(text, CultureInfo.InvariantCulture) : unset;

    private static JsonElement Value(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text); // a text without quotes
        }
    }
}
