using Grains.Training.Optimizers;

namespace Grains.Training.Engines;

/// <summary>
/// Makes a network's numbers: by torch's autograd in general, and by written-out derivatives for networks in fp32. Legend: B batch, K
/// classes.
/// </summary>
internal abstract class Engine : IDisposable
{
    /// <summary>
    /// Returns the logits in training mode, with batch statistics and the dropout of one update. They last until the next call.
    /// </summary>
    /// <param name="update">The update, counted from 0.</param>
    public abstract ReadOnlySpan<float> Train(BatchInput x, long update);

    /// <summary>Carries ∂L/∂logits of the last trained batch back through the network, and makes the update.</summary>
    public abstract void Update(ReadOnlySpan<float> gradient_BK, Optimizer optimizer);

    /// <summary>Returns the logits in evaluation mode, with running statistics and no dropout.</summary>
    public abstract ReadOnlySpan<float> Evaluate(BatchInput x);

    public abstract void Dispose();
}
