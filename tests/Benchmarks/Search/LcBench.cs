using System.Text.Json;
using Grains.Search;
using Microsoft.ML.OnnxRuntime;
using static Benchmarks.Search.Problem;

namespace Benchmarks.Search;

/// <summary>
/// The LCBench surrogate of YAHPO Gym: the validation cross-entropy, or one less the accuracy, of a network on an OpenML task after 50
/// epochs. The space is that of ../shared/search/lcbench/README.md.
/// </summary>
internal sealed class LcBench : IDisposable
{
    private const int Epochs = 50, Inputs = 8, Outputs = 6, Accuracy = 1, CrossEntropy = 2;

    /// <summary>The tasks that were searched for their best values (../shared/search/findings.md).</summary>
    public static readonly int[] Recorded = [189908, 7593, 167184];

    /// <summary>Tasks for checking that the samplers are not tuned to the recorded ones.</summary>
    public static readonly int[] Others = [3945, 34539, 126026, 167149, 167161, 168868, 189354, 189866];

    private static readonly Dictionary<int, double> s_best = new() { [189908] = 0.17776, [7593] = 0.19102, [167184] = 0.32929 };

    private readonly InferenceSession _session;
    private readonly JsonElement _codes;

    public LcBench(string folder)
    {
        _session = new InferenceSession(Path.Combine(folder, "lcbench.onnx"),
            new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 });
        using var encoding = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "encoding.json")));
        _codes = encoding.RootElement.GetProperty("OpenML_task_id").Clone();
    }

    public bool Has(int task) => _codes.TryGetProperty($"{task}", out _);

    public Problem CrossEntropyOf(int task) => new(
        $"{task}", Space(), s_best.TryGetValue(task, out double best) ? best : null, p => Evaluate(task, p)[CrossEntropy]);

    public Problem ErrorOf(int task) => new($"{task} error", Space(), null, p => 1 - Evaluate(task, p)[Accuracy] / 100);

    public void Dispose() => _session.Dispose();

    private static SearchSpace Space() => SpaceOf(
        Whole("batch_size", 16, 512, log: true), Real("learning_rate", 1e-4, 1e-1, log: true), Real("momentum", 0.1, 0.99),
        Real("weight_decay", 5e-5, 0.1), Whole("num_layers", 1, 4), Whole("max_units", 64, 1024, log: true), Real("max_dropout", 0, 1));

    private double[] Evaluate(int task, SearchPoint point)
    {
        int[] code = [_codes.GetProperty($"{task}").GetInt32()];
        float[] x = new float[Inputs];
        x[0] = Epochs;
        string[] names = ["batch_size", "learning_rate", "momentum", "weight_decay", "num_layers", "max_units", "max_dropout"];
        for (int i = 0; i < names.Length; i++) x[i + 1] = (float)Number(point, names[i]);
        using var a = OrtValue.CreateTensorValueFromMemory(code, [1, 1]);
        using var b = OrtValue.CreateTensorValueFromMemory(x, [1, Inputs]);
        using var options = new RunOptions();
        using var result = _session.Run(options, new Dictionary<string, OrtValue> { ["x_cat"] = a, ["x_cont"] = b }, ["output"]);
        var y = result[0].GetTensorDataAsSpan<float>();
        double[] values = new double[Outputs];
        for (int i = 0; i < Outputs; i++) values[i] = y[i];
        return values;
    }
}
