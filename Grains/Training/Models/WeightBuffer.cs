using System.Runtime.InteropServices;

namespace Grains.Training.Models;

/// <summary>
/// Holds one number per trainable weight, at the weight's own offset. The numbers are zero at first, and begin on a 64-byte boundary.
/// </summary>
internal sealed unsafe class WeightBuffer : IDisposable
{
    private readonly int _length;
    private float* _data;

    public WeightBuffer(int length)
    {
        _length = length;
        _data = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), 64);
        new Span<float>(_data, length).Clear();
    }

    ~WeightBuffer() => Free();

    public float* Data => _data;

    public Span<float> Of(WeightTensor tensor) => Of(tensor.Offset, (int)tensor.Shape.Count);

    public Span<float> Of(int offset, int count) => new Span<float>(_data, _length).Slice(offset, count);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}
