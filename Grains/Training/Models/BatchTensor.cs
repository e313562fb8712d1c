using System.Collections.Immutable;
using Grains.Training.Numerics;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Grains.Training.Models;

/// <summary>
/// Holds a tensor (B, …) that every step writes anew from C#. It has room for the largest batch so far, and a view for each size that
/// occurs.
/// </summary>
internal sealed unsafe class BatchTensor(ImmutableArray<int> sample) : IDisposable
{
    private readonly Dictionary<int, Tensor> _views = [];
    private readonly int _sampleLength = sample.Aggregate(1, (n, d) => n * d);
    private Tensor? _memory;
    private int _capacity;

    public float* Data { get; private set; }

    /// <summary>Returns the first <paramref name="count"/> samples, to write into and to compute with until the next call.</summary>
    public Tensor Of(int count)
    {
        Reserve(count);
        if (_views.TryGetValue(count, out var view)) return view;
        ImmutableArray<int> dimensions = [count, .. sample];
        view = _memory!.as_strided(MemoryLayout.Sizes(dimensions), MemoryLayout.Strides(dimensions)).DetachFromDisposeScope();
        _views.Add(count, view);
        return view;
    }

    /// <summary>The numbers of <paramref name="count"/> samples, as they lie in memory.</summary>
    public Span<float> Values(int count) => new(Data, checked(count * _sampleLength));

    public void Dispose()
    {
        foreach (var view in _views.Values) view.Dispose();
        _views.Clear();
        _memory?.Dispose();
    }

    public void Reserve(int count)
    {
        if (count <= _capacity) return;
        Dispose();
        _memory = torch.empty((long)count * _sampleLength, torch.float32).DetachFromDisposeScope();
        _capacity = count;
        Data = Native.Data(_memory);
    }
}
