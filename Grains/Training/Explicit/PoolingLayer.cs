using System.Runtime.Intrinsics;

namespace Grains.Training.Explicit;

/// <summary>
/// Takes the largest of 2×2 pixels and drops an odd last row or column. Of equal pixels the first, row by row, gets the gradient, as in
/// torch. Legend: H W pixels of the input.
/// </summary>
internal sealed unsafe class PoolingLayer(int channels, int height, int width) : ChannelLayer(channels, height / 2 * (width / 2))
{
    private readonly FeatureBuffer _y_FS = new(channels * (height / 2) * (width / 2)), _gradient_FS = new(channels * height * width);

    public override float* Output => _y_FS.Data;

    public override void Reserve(SampleBatch batch)
    {
        _y_FS.Reserve(batch.Step);
        if (batch.Update is not null) _gradient_FS.Reserve(batch.Step);
    }

    public override void Forward(float* h_FS, SampleBatch batch, Channels part)
    {
        float* y = Output + Place(part.First, batch);
        nint right = batch.Step, down = (nint)width * batch.Step;
        for (int c = part.First; c < part.End; c++)
        {
            for (int row = 0; row < height / 2; row++)
            {
                float* h = h_FS + (((((nint)c * height) + (2 * row)) * width) * batch.Step);
                for (int column = 0; column < width / 2; column++, h += right)
                {
                    for (int s = 0; s < batch.Step; s += SampleBatch.Lanes, h += SampleBatch.Lanes, y += SampleBatch.Lanes)
                    {
                        var upper = Vector512.Max(Vector512.Load(h), Vector512.Load(h + right));
                        Vector512.Max(upper, Vector512.Max(Vector512.Load(h + down), Vector512.Load(h + down + right))).Store(y);
                    }
                }
            }
        }
    }

    public override float* Backward(float* h_FS, float* gradient_FS, SampleBatch batch, Channels part)
    {
        float* y = Output + Place(part.First, batch), g = gradient_FS + Place(part.First, batch);
        nint right = batch.Step, down = (nint)width * batch.Step;
        for (int c = part.First; c < part.End; c++)
        {
            nint channel = (nint)c * height * width * batch.Step;
            if (height % 2 + (width % 2) > 0) new Span<float>(_gradient_FS.Data + channel, height * width * batch.Step).Clear();
            for (int row = 0; row < height / 2; row++)
            {
                float* h = h_FS + channel + (2 * row * down), to = _gradient_FS.Data + channel + (2 * row * down);
                for (int column = 0; column < width / 2; column++, h += right, to += right)
                {
                    for (int s = 0; s < batch.Step; s += SampleBatch.Lanes)
                    {
                        var (most, gradient) = (Vector512.Load(y), Vector512.Load(g));
                        gradient = Take(h, to, most, gradient);
                        gradient = Take(h + right, to + right, most, gradient);
                        gradient = Take(h + down, to + down, most, gradient);
                        Take(h + down + right, to + down + right, most, gradient);
                        y += SampleBatch.Lanes;
                        g += SampleBatch.Lanes;
                        h += SampleBatch.Lanes;
                        to += SampleBatch.Lanes;
                    }
                }
            }
        }
        return _gradient_FS.Data;
    }

    public override void Dispose()
    {
        _y_FS.Dispose();
        _gradient_FS.Dispose();
    }

    /// <summary>Gives the gradient to a pixel that is the largest, and returns what is left for the next one.</summary>
    private static Vector512<float> Take(float* h, float* to, Vector512<float> most, Vector512<float> gradient)
    {
        var taken = Vector512.Equals(Vector512.Load(h), most);
        (gradient & taken).Store(to);
        return Vector512.AndNot(gradient, taken);
    }
}
