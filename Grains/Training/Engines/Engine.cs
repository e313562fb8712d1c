using Grains.Training.Optimizers;

namespace Grains.Training.Engines;

/// <summary>How a network's numbers are made: by torch's autograd in general, by written-out derivatives for networks in fp32. Legend: B batch, K classes.</summary>
internal abstract class Engine : IDisposable
{
    /// <summary>Logits in training mode: batch statistics, and the dropout of one update. They last until the next call.</summary>
    /// <param name="update">Counts from 0.</param>
    public abstract ReadOnlySpan<float> Train(BatchInput x, long update);

    /// <summary>Carries ∂L/∂logits of the batch that was trained last back through the network, and makes the update.</summary>
    public abstract void Update(ReadOnlySpan<float> gradient_BK, Optimizer optimizer);

    /// <summary>Logits in evaluation mode: running statistics, no dropout.</summary>
    public abstract ReadOnlySpan<float> Evaluate(BatchInput x);

    public abstract void Dispose();
}
