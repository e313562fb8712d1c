using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Grains.Interfaces.Model;
using Grains.Training.Models;

namespace Grains.Training.Optimizers;

/// <summary>Stochastic gradient descent has torch's momentum here: b ← μb + g, w ← w − lr·b.</summary>
internal sealed class SgdOptimizer : Optimizer
{
    private readonly Sgd _spec;
    private readonly WeightBuffer? _momentum;
    private float _rate;

    public SgdOptimizer(Sgd spec, Weights weights, double l2) : base(spec, weights, l2)
    {
        _spec = spec;
        if (spec.Momentum is > 0) _momentum = AddMoment("momentum_buffer");
    }

    private protected override void Begin(double rate, long update) => _rate = (float)rate;

    private protected override void Update(int offset, Span<float> weights, ReadOnlySpan<float> gradients, float penaltyGradient)
    {
        float coupled = penaltyGradient + (float)(_spec.WeightDecay ?? 0), momentum = (float)(_spec.Momentum ?? 0);
        // Without momentum there is no buffer, and b = g.
        var buffer = _momentum is null ? default : _momentum.Of(offset, weights.Length);
        ref float w = ref MemoryMarshal.GetReference(weights);
        ref float g = ref MemoryMarshal.GetReference(gradients);
        ref float b = ref MemoryMarshal.GetReference(buffer);

        int i = 0;
        for (; i <= weights.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            nuint at = (nuint)i;
            var weight = Vector512.LoadUnsafe(ref w, at);
            var direction = Vector512.LoadUnsafe(ref g, at) + (weight * coupled);
            if (!buffer.IsEmpty)
            {
                direction = (Vector512.LoadUnsafe(ref b, at) * momentum) + direction;
                direction.StoreUnsafe(ref b, at);
            }
            (weight - (direction * _rate)).StoreUnsafe(ref w, at);
        }
        for (; i < weights.Length; i++)
        {
            float weight = Unsafe.Add(ref w, i);
            float direction = Unsafe.Add(ref g, i) + (weight * coupled);
            if (!buffer.IsEmpty)
            {
                direction = (Unsafe.Add(ref b, i) * momentum) + direction;
                Unsafe.Add(ref b, i) = direction;
            }
            Unsafe.Add(ref w, i) = weight - (direction * _rate);
        }
    }
}
