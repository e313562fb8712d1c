using System.Runtime.Intrinsics;
using Grains.Training.Models;

namespace Grains.Training.Explicit;

/// <summary>
/// Computes y = h ⊙ mask in training, and y = h in evaluation. The mask is the autograd path's, kept as one bit per element.
/// </summary>
internal sealed unsafe class DropoutLayer(DropoutMask mask, int channels, int area) : ChannelLayer(channels, area)
{
    private const int Lanes = SampleBatch.Lanes;
    private readonly FeatureBuffer _y_FS = new(channels * area);
    private readonly Vector512<uint> _bits = Vector512.Create(1u, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
    private readonly Vector512<float> _scale = Vector512.Create(mask.Scale);
    private ushort[] _kept = [];

    public override float* Output => _y_FS.Data;

    public override void Reserve(SampleBatch batch)
    {
        _y_FS.Reserve(batch.Step);
        if (batch.Update is not { } update) return;
        int rows = Count * Area, words = Words(batch);
        if (_kept.Length < rows * words) _kept = new ushort[rows * words];
        mask.Fill(_kept, Count, Area, words, update);
    }

    public override void Forward(float* h_FS, SampleBatch batch, Channels part)
    {
        nint start = Place(part.First, batch), end = Place(part.End, batch);
        if (batch.Update is null)
        {
            Buffer.MemoryCopy(h_FS + start, Output + start, (end - start) * sizeof(float), (end - start) * sizeof(float));
        }
        else
        {
            Mask(h_FS + start, Output + start, batch, part);
        }
    }

    public override float* Backward(float* h_FS, float* gradient_FS, SampleBatch batch, Channels part)
    {
        float* g = gradient_FS + Place(part.First, batch);
        Mask(g, g, batch, part);
        return gradient_FS;
    }

    public override void Dispose() => _y_FS.Dispose();

    private static int Words(SampleBatch batch) => (batch.Step + Lanes - 1) / Lanes;

    private void Mask(float* from, float* to, SampleBatch batch, Channels part)
    {
        int first = part.First * Area, end = part.End * Area;
        if (batch.Step == 1)
        {
            for (int row = first; row < end; row++) to[row - first] = (_kept[row] & 1) != 0 ? from[row - first] * mask.Scale : 0;
            return;
        }
        fixed (ushort* kept = _kept)
        {
            ushort* word = kept + ((nint)first * Words(batch)), last = kept + ((nint)end * Words(batch));
            for (; word < last; word++, from += Lanes, to += Lanes)
            {
                var dropped = Vector512.Equals(Vector512.Create((uint)*word) & _bits, Vector512<uint>.Zero).AsSingle();
                Vector512.AndNot(Vector512.Load(from) * _scale, dropped).Store(to);
            }
        }
    }
}
