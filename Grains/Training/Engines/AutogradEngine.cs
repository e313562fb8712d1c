using Grains.Training.Models;
using Grains.Training.Numerics;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Grains.Training.Engines;

/// <summary>Computes any network in any precision. The graph of a batch lives from <see cref="Train"/> to <see cref="Update"/>.</summary>
internal sealed unsafe class AutogradEngine(NetworkModel model, int classes) : Engine
{
    private readonly BatchTensor _gradient = new([classes]);
    private Tensor? _logits_BK;
    private int _count;

    public override ReadOnlySpan<float> Train(BatchInput x, long update)
    {
        _logits_BK?.Dispose();
        using var scope = torch.NewDisposeScope();
        _count = x.Count;
        _logits_BK = model.Train(x.Images, _count, update).DetachFromDisposeScope();
        return new(Native.Data(_logits_BK), _count * classes);
    }

    public override void Update(ReadOnlySpan<float> gradient_BK, Optimizers.Optimizer optimizer)
    {
        var gradient = _gradient.Of(_count);
        gradient_BK.CopyTo(_gradient.Values(_count));
        _logits_BK!.backward([gradient]);
        optimizer.Step();
    }

    public override ReadOnlySpan<float> Evaluate(BatchInput x)
    {
        _logits_BK?.Dispose();
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        _logits_BK = model.Evaluate(x.Images).DetachFromDisposeScope();
        return new(Native.Data(_logits_BK), x.Count * classes);
    }

    public override void Dispose()
    {
        _logits_BK?.Dispose();
        _gradient.Dispose();
        model.Dispose();
    }
}
