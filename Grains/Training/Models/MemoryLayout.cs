using System.Collections.Immutable;

namespace Grains.Training.Models;

/// <summary>
/// How tensors lie in memory. Images and kernels, (·, C, H, W), lie with the channels innermost ("channels last"), which convolutions and
/// poolings read faster; everything else row by row. Files always hold torch's row-by-row order.
/// </summary>
internal static class MemoryLayout
{
    public static long[] Sizes(ImmutableArray<int> dimensions) => [.. dimensions.Select(d => (long)d)];

    public static long[] Strides(ImmutableArray<int> dimensions)
    {
        if (dimensions.Length == 4)
        {
            long c = dimensions[1], h = dimensions[2], w = dimensions[3];
            return [h * w * c, 1, w * c, c];
        }
        var strides = new long[dimensions.Length];
        long step = 1;
        for (int i = dimensions.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= dimensions[i];
        }
        return strides;
    }

    /// <summary>From memory to a file's order.</summary>
    public static float[] Export(ReadOnlySpan<float> memory, ImmutableArray<int> dimensions)
    {
        var values = new float[memory.Length];
        if (dimensions.Length != 4) memory.CopyTo(values);
        else foreach (var (file, place) in Places(dimensions)) values[file] = memory[place];
        return values;
    }

    /// <summary>From a file's order to memory.</summary>
    public static void Import(ReadOnlySpan<float> values, Span<float> memory, ImmutableArray<int> dimensions)
    {
        if (dimensions.Length != 4) values.CopyTo(memory);
        else foreach (var (file, place) in Places(dimensions)) memory[place] = values[file];
    }

    private static IEnumerable<(int File, int Memory)> Places(ImmutableArray<int> dimensions)
    {
        int channels = dimensions[1], area = dimensions[2] * dimensions[3], file = 0;
        for (int n = 0; n < dimensions[0]; n++)
        {
            for (int c = 0; c < channels; c++)
            {
                for (int a = 0; a < area; a++) yield return (file++, (((n * area) + a) * channels) + c);
            }
        }
    }
}
