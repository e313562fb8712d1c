using System.Runtime.InteropServices;

namespace Grains.Training.Explicit;

/// <summary>
/// Has room for one number per feature and sample. A feature is a row, so that the samples lie side by side. Rows end with zeros or with
/// what followed from zeros, and nobody reads sums over them. Legend: F features, S samples rounded up.
/// </summary>
internal sealed unsafe class FeatureBuffer(int features) : IDisposable
{
    private int _capacity;

    ~FeatureBuffer() => NativeMemory.AlignedFree(Data);

    public float* Data { get; private set; }

    /// <summary>Makes room for rows of this length. All numbers are zero at first, and again after it grew.</summary>
    public void Reserve(int step)
    {
        if (step <= _capacity) return;
        NativeMemory.AlignedFree(Data);
        nuint bytes = (((nuint)features * (nuint)step) + SampleBatch.Lanes) * sizeof(float);
        Data = (float*)NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(Data, bytes);
        _capacity = step;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Data);
        Data = null;
        _capacity = 0;
        GC.SuppressFinalize(this);
    }
}
