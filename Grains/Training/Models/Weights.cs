using System.Collections.Immutable;
using Grains.Interfaces.Model.Networks;
using Grains.Training.Checkpoints;
using Grains.Training.Numerics;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Grains.Training.Models;

/// <summary>
/// Holds all tensors of a network in one flat buffer, trainable ones first, each on a 64-byte boundary. Torch computes with views of it,
/// and the optimizer passes over the raw numbers. Legend: P numbers in the buffer.
/// </summary>
public sealed unsafe class Weights : IDisposable
{
    /// <summary>The number of floats in 64 bytes.</summary>
    private const int Alignment = 16;

    private readonly Tensor _flat_P;
    private readonly float* _data;
    private readonly Dictionary<string, WeightTensor> _byName;

    /// <param name="tensors">Exactly the network's tensors, as <see cref="InitialCheckpoint.Check"/> checks.</param>
    public Weights(Network network, IEnumerable<NamedTensor> tensors)
    {
        var penalized = network.Layers.Where(l => l is Convolution { Penalized: true } or Linear { Penalized: true })
            .Select(l => $"{l.Name}.weight").ToHashSet();
        int length = 0;
        var places = new List<(TensorShape Shape, int Offset)>();
        foreach (var shape in network.Tensors.OrderBy(t => t.IsTrainable ? 0 : 1))
        {
            places.Add((shape, length));
            length += ((int)shape.Count + Alignment - 1) / Alignment * Alignment;
            if (shape.IsTrainable) TrainableLength = length;
        }

        _flat_P = torch.zeros(length, torch.float32).DetachFromDisposeScope();
        _data = Native.Data(_flat_P);
        Tensors = [.. places.Select(p => new WeightTensor(p.Shape, p.Offset, penalized.Contains(p.Shape.Name), View(p.Shape, p.Offset)))];
        Trainable = [.. Tensors.Where(t => t.Shape.IsTrainable)];
        _byName = Tensors.ToDictionary(t => t.Shape.Name);
        foreach (var tensor in tensors)
        {
            var target = _byName[tensor.Name];
            MemoryLayout.Import(tensor.Values, Memory(target), target.Shape.Dimensions);
        }
    }

    public ImmutableArray<WeightTensor> Tensors { get; }

    /// <summary>The tensors that gradients reach. They are the front of the buffer.</summary>
    public ImmutableArray<WeightTensor> Trainable { get; }

    /// <summary>The number of floats in the front of the buffer, padding included.</summary>
    public int TrainableLength { get; }

    public Tensor this[string name] => _byName[name].View;

    public Span<float> Memory(WeightTensor tensor) => new(Data(tensor), (int)tensor.Shape.Count);

    /// <summary>The address of the tensor's first number. It does not change.</summary>
    internal float* Data(WeightTensor tensor) => _data + tensor.Offset;

    public IEnumerable<NamedTensor> Export() =>
        Tensors.Select(t => new NamedTensor(t.Shape.Name, t.Shape.Dimensions, MemoryLayout.Export(Memory(t), t.Shape.Dimensions)));

    /// <summary>Returns Σw² over the penalized tensors, in double, tensor by tensor in the network's order.</summary>
    public double PenalizedSquares()
    {
        double sum = 0;
        foreach (var tensor in Trainable.Where(t => t.IsPenalized)) sum += Squares(Memory(tensor));
        return sum;
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors) tensor.View.Dispose();
        _flat_P.Dispose();
    }

    private Tensor View(TensorShape shape, int offset)
    {
        using var view = _flat_P.as_strided(MemoryLayout.Sizes(shape.Dimensions), MemoryLayout.Strides(shape.Dimensions), offset);
        var leaf = view.detach().DetachFromDisposeScope();
        leaf.requires_grad = shape.IsTrainable;
        return leaf;
    }

    private static double Squares(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += (double)value * value;
        return sum;
    }
}

/// <summary>One tensor of <see cref="Weights"/>.</summary>
/// <param name="Offset">The place of its first number in the buffer.</param>
/// <param name="IsPenalized">Whether the L2 penalty counts it.</param>
/// <param name="View">The view that torch computes with.</param>
public sealed record WeightTensor(TensorShape Shape, int Offset, bool IsPenalized, Tensor View);
