using System.Collections.Immutable;

namespace Grains.Training.Models;

/// <summary>
/// Says how tensors lie in memory. Images and kernels, (·, C, H, W), lie with the channels innermost ("channels last"), which convolutions
/// and poolings read faster. Everything else lies row by row. Files always hold torch's row-by-row order.
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

    /// <summary>Copies from memory to a file's order.</summary>
    public static float[] Export(ReadOnlySpan<float> memory, ImmutableArray<int> dimensions)
    {
        var values = GC.AllocateUninitializedArray<float>(memory.Length);
        if (dimensions.Length != 4) memory.CopyTo(values);
        else Exchange(memory, values, dimensions[0], rows: dimensions[2] * dimensions[3], columns: dimensions[1]);
        return values;
    }

    /// <summary>Copies from a file's order to memory.</summary>
    public static void Import(ReadOnlySpan<float> values, Span<float> memory, ImmutableArray<int> dimensions)
    {
        if (dimensions.Length != 4) values.CopyTo(memory);
        else Exchange(values, memory, dimensions[0], rows: dimensions[1], columns: dimensions[2] * dimensions[3]);
    }

    /// <summary>Exchanges rows and columns of each of <paramref name="count"/> matrices.</summary>
    private static void Exchange(ReadOnlySpan<float> from, Span<float> to, int count, int rows, int columns)
    {
        for (int n = 0; n < count; n++)
        {
            var matrix = from.Slice(n * rows * columns, rows * columns);
            for (int c = 0, at = n * rows * columns; c < columns; c++)
            {
                for (int r = 0; r < rows; r++) to[at++] = matrix[(r * columns) + c];
            }
        }
    }
}
