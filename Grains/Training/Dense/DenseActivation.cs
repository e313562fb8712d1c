using System.Runtime.Intrinsics;
using Grains.Interfaces.Model;

namespace Grains.Training.Dense;

/// <summary>y = φ(h), element by element, over all rows at once. The derivative comes from h's sign or from y.</summary>
internal sealed unsafe class DenseActivation(Activation activation, int features) : DenseLayer(features)
{
    private readonly Vector512<float> _slope = Vector512.Create((float)(activation.Slope ?? 0));

    public override void Forward(Matrix h_FS, DenseBatch batch)
    {
        float* h = h_FS.Data, y = Output(batch).Data;
        int count = Features * batch.Step;
        switch (activation.Kind)
        {
            case ActivationKind.Relu:
                for (int i = 0; i < count; i += DenseBatch.Lanes) Vector512.ConditionalSelect(Vector512.LessThanOrEqual(Vector512.Load(h + i), Zero), Zero, Vector512.Load(h + i)).Store(y + i);
                break;
            case ActivationKind.LeakyRelu:
                for (int i = 0; i < count; i += DenseBatch.Lanes) Where(Vector512.Load(h + i), Vector512.Load(h + i), Vector512.Load(h + i) * _slope).Store(y + i);
                break;
            case ActivationKind.Tanh:
                for (int i = 0; i < count; i += DenseBatch.Lanes) Tanh(Vector512.Load(h + i)).Store(y + i);
                break;
            case ActivationKind.Sigmoid:
                for (int i = 0; i < count; i += DenseBatch.Lanes) (One / (One + Vector512.Exp(-Vector512.Load(h + i)))).Store(y + i);
                break;
            case ActivationKind.Elu:
                for (int i = 0; i < count; i += DenseBatch.Lanes) Where(Vector512.Load(h + i), Vector512.Load(h + i), Vector512.Exp(Vector512.Load(h + i)) - One).Store(y + i);
                break;
            default:
                throw new InvalidOperationException($"No activation {activation.Kind}.");
        }
    }

    public override float* Backward(Matrix h_FS, float* gradient_FS, DenseBatch batch)
    {
        float* h = h_FS.Data, y = Output(batch).Data, g = gradient_FS;
        int count = Features * batch.Step;
        switch (activation.Kind)
        {
            case ActivationKind.Relu:
                for (int i = 0; i < count; i += DenseBatch.Lanes) Where(Vector512.Load(h + i), Vector512.Load(g + i), Zero).Store(g + i);
                break;
            case ActivationKind.LeakyRelu:
                for (int i = 0; i < count; i += DenseBatch.Lanes) Where(Vector512.Load(h + i), Vector512.Load(g + i), Vector512.Load(g + i) * _slope).Store(g + i);
                break;
            case ActivationKind.Tanh:
                for (int i = 0; i < count; i += DenseBatch.Lanes) (Vector512.Load(g + i) * (One - (Vector512.Load(y + i) * Vector512.Load(y + i)))).Store(g + i);
                break;
            case ActivationKind.Sigmoid:
                for (int i = 0; i < count; i += DenseBatch.Lanes) (Vector512.Load(g + i) * Vector512.Load(y + i) * (One - Vector512.Load(y + i))).Store(g + i);
                break;
            case ActivationKind.Elu:
                for (int i = 0; i < count; i += DenseBatch.Lanes) Where(Vector512.Load(h + i), Vector512.Load(g + i), Vector512.Load(g + i) * (Vector512.Load(y + i) + One)).Store(g + i);
                break;
            default:
                throw new InvalidOperationException($"No activation {activation.Kind}.");
        }
        return g;
    }

    private static Vector512<float> Zero => Vector512<float>.Zero;

    private static Vector512<float> One => Vector512<float>.One;

    private static Vector512<float> Where(Vector512<float> h, Vector512<float> positive, Vector512<float> negative) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(h, Zero), positive, negative);

    private static Vector512<float> Tanh(Vector512<float> h)
    {
        var t = Vector512.Exp(Vector512.Abs(h) * -2f);
        return Vector512.CopySign((One - t) / (One + t), h);
    }
}
