using System.Runtime.Intrinsics;
using Grains.Interfaces.Model;

namespace Grains.Training.Explicit;

/// <summary>Computes y = φ(h), element by element, in h's own memory. The derivative is taken from y.</summary>
internal sealed unsafe class ActivationLayer(Activation activation, ExplicitLayer before, int channels, int area)
    : ChannelLayer(channels, area)
{
    private const int Lanes = SampleBatch.Lanes;
    private readonly Vector512<float> _slope = Vector512.Create((float)(activation.Slope ?? 0));

    public override float* Output => before.Output;

    private static Vector512<float> Zero => Vector512<float>.Zero;

    private static Vector512<float> One => Vector512<float>.One;

    public override void Reserve(SampleBatch batch)
    {
    }

    public override void Forward(float* h_FS, SampleBatch batch, Channels part)
    {
        float* h = h_FS + Place(part.First, batch), end = h_FS + Place(part.End, batch);
        switch (activation.Kind)
        {
            case ActivationKind.Relu:
                for (; h < end; h += Lanes)
                {
                    Vector512.ConditionalSelect(Vector512.LessThanOrEqual(Vector512.Load(h), Zero), Zero, Vector512.Load(h)).Store(h);
                }
                break;
            case ActivationKind.LeakyRelu:
                for (; h < end; h += Lanes) Where(Vector512.Load(h), Vector512.Load(h), Vector512.Load(h) * _slope).Store(h);
                break;
            case ActivationKind.Tanh:
                for (; h < end; h += Lanes) Tanh(Vector512.Load(h)).Store(h);
                break;
            case ActivationKind.Sigmoid:
                for (; h < end; h += Lanes) (One / (One + Vector512.Exp(-Vector512.Load(h)))).Store(h);
                break;
            case ActivationKind.Elu:
                for (; h < end; h += Lanes) Where(Vector512.Load(h), Vector512.Load(h), Vector512.Exp(Vector512.Load(h)) - One).Store(h);
                break;
            default:
                throw new InvalidOperationException($"No activation {activation.Kind}.");
        }
    }

    public override float* Backward(float* h_FS, float* gradient_FS, SampleBatch batch, Channels part)
    {
        float* y = Output + Place(part.First, batch), end = Output + Place(part.End, batch), g = gradient_FS + Place(part.First, batch);
        switch (activation.Kind)
        {
            case ActivationKind.Relu:
                for (; y < end; y += Lanes, g += Lanes) Where(Vector512.Load(y), Vector512.Load(g), Zero).Store(g);
                break;
            case ActivationKind.LeakyRelu:
                for (; y < end; y += Lanes, g += Lanes) Where(Vector512.Load(y), Vector512.Load(g), Vector512.Load(g) * _slope).Store(g);
                break;
            case ActivationKind.Tanh:
                for (; y < end; y += Lanes, g += Lanes) (Vector512.Load(g) * (One - (Vector512.Load(y) * Vector512.Load(y)))).Store(g);
                break;
            case ActivationKind.Sigmoid:
                for (; y < end; y += Lanes, g += Lanes) (Vector512.Load(g) * Vector512.Load(y) * (One - Vector512.Load(y))).Store(g);
                break;
            case ActivationKind.Elu:
                for (; y < end; y += Lanes, g += Lanes)
                {
                    Where(Vector512.Load(y), Vector512.Load(g), Vector512.Load(g) * (Vector512.Load(y) + One)).Store(g);
                }
                break;
            default:
                throw new InvalidOperationException($"No activation {activation.Kind}.");
        }
        return gradient_FS;
    }

    public override void Dispose()
    {
    }

    private static Vector512<float> Where(Vector512<float> sign, Vector512<float> positive, Vector512<float> negative) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(sign, Zero), positive, negative);

    private static Vector512<float> Tanh(Vector512<float> h)
    {
        var t = Vector512.Exp(Vector512.Abs(h) * -2f);
        return Vector512.CopySign((One - t) / (One + t), h);
    }
}
