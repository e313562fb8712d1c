using Grains.Interfaces.Model;
using Grains.Training.Checkpoints;
using Grains.Training.Models;
using Grains.Training.Numerics;

namespace Grains.Training.Optimizers;

/// <summary>
/// Does what torch's optimizers do in one vector pass per tensor over weights, gradients and moments. At update t = 0, 1, … the rate is lr
/// / (1 + decay·t). Bits do not depend on the vector width, because every operation is a single IEEE one.
/// </summary>
public abstract unsafe class Optimizer : IDisposable
{
    private const string StepKey = "step";
    private readonly OptimizerSpec _spec;
    private readonly Weights _weights;
    private readonly float _penaltyGradient;
    private readonly List<(string Suffix, WeightBuffer Buffer)> _moments = [];

    private protected Optimizer(OptimizerSpec spec, Weights weights, double l2)
    {
        _spec = spec;
        _weights = weights;
        _penaltyGradient = (float)(2 * l2);
    }

    /// <summary>The number of updates made so far.</summary>
    public long Steps { get; private set; }

    /// <param name="l2">The factor λ. The gradient of a penalized tensor grows by 2λw.</param>
    public static Optimizer Of(OptimizerSpec spec, Weights weights, double l2) => spec switch
    {
        AdamW adamw => new AdamOptimizer(adamw, weights, l2, decoupled: true),
        Adam adam => new AdamOptimizer(adam, weights, l2, decoupled: false),
        Sgd sgd => new SgdOptimizer(sgd, weights, l2),
        _ => throw new InvalidOperationException($"No optimizer for {spec.GetType().Name}."),
    };

    /// <summary>
    /// Makes one update from the gradients that the backward pass left. It lets them go, so that the next pass hands its own over.
    /// </summary>
    public void Step()
    {
        Begin();
        foreach (var tensor in _weights.Trainable)
        {
            using var gradient = tensor.View.grad ?? throw new InvalidOperationException($"No gradient reached {tensor.Shape.Name}.");
            var values = new ReadOnlySpan<float>(Native.Data(gradient), (int)tensor.Shape.Count);
            Update(tensor, values);
            tensor.View.grad = null;
        }
        Steps++;
    }

    /// <summary>Makes one update from gradients that lie as the weights do.</summary>
    internal void Step(WeightBuffer gradients)
    {
        Begin();
        foreach (var tensor in _weights.Trainable) Update(tensor, gradients.Of(tensor));
        Steps++;
    }

    /// <summary>Returns a safetensors file with the moments, under "&lt;tensor&gt;.&lt;moment&gt;", and the number of updates.</summary>
    public byte[] Save() => Safetensors.Write(
        from moment in _moments
        from tensor in _weights.Trainable
        let shape = tensor.Shape
        select new NamedTensor(
            $"{shape.Name}.{moment.Suffix}", shape.Dimensions, MemoryLayout.Export(moment.Buffer.Of(tensor), shape.Dimensions)),
        new Dictionary<string, string> { [StepKey] = $"{Steps}" });

    /// <exception cref="SpecException">The file is of another optimizer or another network.</exception>
    public void Load(byte[] file)
    {
        var read = Safetensors.Read(file, "optimizer state");
        var found = read.Tensors.ToDictionary(t => t.Name);
        if (!read.Metadata.TryGetValue(StepKey, out string? step) || !long.TryParse(step, out long steps)
            || found.Count != _moments.Count * _weights.Trainable.Length)
        {
            throw new SpecException($"optimizer state: it holds {found.Count} tensors and step {step ?? "none"}" +
                $"; this optimizer keeps {_moments.Count} per weight. Start again from epoch 0.");
        }
        foreach (var (suffix, buffer) in _moments)
        {
            foreach (var tensor in _weights.Trainable)
            {
                if (!found.TryGetValue($"{tensor.Shape.Name}.{suffix}", out var moment) || moment.Values.Length != tensor.Shape.Count)
                {
                    throw new SpecException(
                        $"optimizer state: {tensor.Shape.Name}.{suffix} is missing or has another shape. Start again from epoch 0.");
                }
                MemoryLayout.Import(moment.Values, buffer.Of(tensor), tensor.Shape.Dimensions);
            }
        }
        Steps = steps;
    }

    public void Dispose()
    {
        foreach (var (_, buffer) in _moments) buffer.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected WeightBuffer AddMoment(string suffix)
    {
        var buffer = new WeightBuffer(_weights.TrainableLength);
        _moments.Add((suffix, buffer));
        return buffer;
    }

    private void Begin() => Begin(_spec.LearningRate / (1 + ((_spec.Decay ?? 0) * Steps)), Steps + 1);

    private void Update(WeightTensor tensor, ReadOnlySpan<float> gradient) =>
        Update(tensor.Offset, _weights.Memory(tensor), gradient, tensor.IsPenalized ? _penaltyGradient : 0f);

    /// <param name="update">The update, counted from 1.</param>
    private protected abstract void Begin(double rate, long update);

    private protected abstract void Update(int offset, Span<float> weights, ReadOnlySpan<float> gradients, float penaltyGradient);
}
