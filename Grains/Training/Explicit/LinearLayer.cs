using System.Runtime.Intrinsics;

namespace Grains.Training.Explicit;

/// <summary>Computes y = W·h + b. Legend: I inputs, O outputs, S samples.</summary>
/// <param name="isFirst">Whether its input is the images, whose ∂L/∂h nobody asks for.</param>
internal sealed unsafe class LinearLayer(
    MatrixProduct product, WeightPlace weight_OI, WeightPlace bias_O, int inputs, int outputs, bool isFirst) : MixingLayer(outputs)
{
    private readonly FeatureBuffer _gradient_IS = new(isFirst ? 0 : inputs);

    public override void Reserve(SampleBatch batch)
    {
        base.Reserve(batch);
        if (!isFirst && batch.Update is not null) _gradient_IS.Reserve(batch.Step);
    }

    public override void Forward(Matrix h_IS, SampleBatch batch)
    {
        if (batch.Step == 1)
        {
            VectorProduct.Multiply(weight_OI.Values, h_IS.Data, Output, Features, inputs);
            for (int o = 0; o < Features; o++) Output[o] += bias_O.Values[o];
            return;
        }
        product.Multiply(new(weight_OI.Values, inputs, 1), h_IS, Output, batch.Step, Features, batch.Count, inputs);
        for (int o = 0; o < Features; o++)
        {
            float* y_S = Output + ((nint)o * batch.Step);
            var bias = Vector512.Create(bias_O.Values[o]);
            for (int s = 0; s < batch.Step; s += SampleBatch.Lanes) (Vector512.Load(y_S + s) + bias).Store(y_S + s);
        }
    }

    public override float* Backward(Matrix h_IS, float* gradient_OS, SampleBatch batch)
    {
        if (batch.Step == 1)
        {
            VectorProduct.Outer(gradient_OS, h_IS.Data, weight_OI.Gradient, Features, inputs);
            new ReadOnlySpan<float>(gradient_OS, Features).CopyTo(new(bias_O.Gradient, Features));
            if (!isFirst) VectorProduct.MultiplyTransposed(weight_OI.Values, gradient_OS, _gradient_IS.Data, Features, inputs);
            return _gradient_IS.Data;
        }
        product.Multiply(new(gradient_OS, batch.Step, 1), h_IS.Transposed, weight_OI.Gradient, inputs, Features, inputs, batch.Count);
        for (int o = 0; o < Features; o++) bias_O.Gradient[o] = Row.Sum(gradient_OS + ((nint)o * batch.Step), batch, area: 1);
        if (!isFirst)
        {
            product.Multiply(new(weight_OI.Values, 1, inputs), new(gradient_OS, batch.Step, 1), _gradient_IS.Data, batch.Step, inputs,
                batch.Count, Features);
        }
        return _gradient_IS.Data;
    }

    public override void Dispose()
    {
        _gradient_IS.Dispose();
        base.Dispose();
    }
}

/// <summary>The addresses of a tensor and of its gradient.</summary>
internal readonly unsafe struct WeightPlace(float* values, float* gradient)
{
    public readonly float* Values = values, Gradient = gradient;
}
