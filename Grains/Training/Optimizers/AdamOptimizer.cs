using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Grains.Interfaces.Model;
using Grains.Training.Models;

namespace Grains.Training.Optimizers;

/// <summary>
/// Adam is Algorithm 1 of Kingma and Ba 2015, with the corrections folded into step size and ε as at the end of their section 2. Divisions
/// are what a pass costs, and this form has one. Decoupled, it is Algorithm 2 of Loshchilov and Hutter 2019.
/// </summary>
internal sealed class AdamOptimizer : Optimizer
{
    private readonly Adam _spec;
    private readonly bool _decoupled;
    private readonly WeightBuffer _first, _second;
    private float _stepSize, _epsilon, _shrink;

    public AdamOptimizer(Adam spec, Weights weights, double l2, bool decoupled) : base(spec, weights, l2)
    {
        _spec = spec;
        _decoupled = decoupled;
        _first = AddMoment("exp_avg");
        _second = AddMoment("exp_avg_sq");
    }

    private protected override void Begin(double rate, long update)
    {
        double rootCorrection = Math.Sqrt(1 - Math.Pow(_spec.Beta2, update));
        _stepSize = (float)(rate * rootCorrection / (1 - Math.Pow(_spec.Beta1, update)));
        _epsilon = (float)(_spec.Epsilon * rootCorrection);
        _shrink = _decoupled ? (float)(1 - (rate * (_spec.WeightDecay ?? 0))) : 1f;
    }

    private protected override void Update(int offset, Span<float> weights, ReadOnlySpan<float> gradients, float penaltyGradient)
    {
        float coupled = penaltyGradient + (_decoupled ? 0f : (float)(_spec.WeightDecay ?? 0));
        float rest1 = (float)(1 - _spec.Beta1), beta2 = (float)_spec.Beta2, rest2 = (float)(1 - _spec.Beta2);
        ref float w = ref MemoryMarshal.GetReference(weights);
        ref float g = ref MemoryMarshal.GetReference(gradients);
        ref float m = ref MemoryMarshal.GetReference(_first.Of(offset, weights.Length));
        ref float v = ref MemoryMarshal.GetReference(_second.Of(offset, weights.Length));

        int i = 0;
        for (; i <= weights.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            nuint at = (nuint)i;
            var weight = Vector512.LoadUnsafe(ref w, at);
            var first = Vector512.LoadUnsafe(ref m, at);
            var second = Vector512.LoadUnsafe(ref v, at);
            var gradient = Vector512.LoadUnsafe(ref g, at) + (weight * coupled);
            weight *= _shrink;
            first += (gradient - first) * rest1;
            second = (second * beta2) + (gradient * gradient * rest2);
            weight -= first / (Vector512.Sqrt(second) + Vector512.Create(_epsilon)) * _stepSize;
            first.StoreUnsafe(ref m, at);
            second.StoreUnsafe(ref v, at);
            weight.StoreUnsafe(ref w, at);
        }
        for (; i < weights.Length; i++)
        {
            float weight = Unsafe.Add(ref w, i), first = Unsafe.Add(ref m, i), second = Unsafe.Add(ref v, i);
            float gradient = Unsafe.Add(ref g, i) + (weight * coupled);
            weight *= _shrink;
            first += (gradient - first) * rest1;
            second = (second * beta2) + (gradient * gradient * rest2);
            weight -= first / (MathF.Sqrt(second) + _epsilon) * _stepSize;
            Unsafe.Add(ref m, i) = first;
            Unsafe.Add(ref v, i) = second;
            Unsafe.Add(ref w, i) = weight;
        }
    }
}
