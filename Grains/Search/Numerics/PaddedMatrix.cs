using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grains.Search.Numerics;

/// <summary>
/// A matrix whose rows are padded with zeros to whole blocks of vectors, and the one product that all factorizations here are made of. Each
/// element is a chain of fused multiply-adds in the order of the rows, so that its bits are the same on every processor.
/// </summary>
internal sealed class PaddedMatrix
{
    private const int Block = 16;

    public PaddedMatrix(int rows, int columns)
    {
        (Rows, Columns, Stride) = (rows, columns, (columns + Block - 1) / Block * Block);
        Data = new double[rows * Stride];
    }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>The distance between the beginnings of two rows.</summary>
    public int Stride { get; }

    public double[] Data { get; }

    public Span<double> Row(int row) => Data.AsSpan(row * Stride, Stride);

    public ref double this[int row, int column] => ref Data[row * Stride + column];

    /// <summary>The first column of the block in which a column lies.</summary>
    public static int BlockOf(int column) => column / Block * Block;

    /// <summary>
    /// Adds to a row: target[j] += sign · Σ_p coefficients[p·step] · rows[first + p, j] for p from 0 to count − 1 and j from the block of
    /// <paramref name="from"/> to that of <paramref name="to"/>.
    /// </summary>
    /// <param name="isLower">Whether the rows have zeros right of the diagonal, which need not be looked at.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Accumulate(Span<double> target, double sign, ReadOnlySpan<double> coefficients, int step, PaddedMatrix rows,
        int first, int count, int from, int to, bool isLower = false)
    {
        int stride = rows.Stride;
        fixed (double* t = target, c = coefficients, data = rows.Data)
        {
            for (int j = BlockOf(from); j <= to; j += Block)
            {
                var sum0 = Vector256.Load(t + j);
                var sum1 = Vector256.Load(t + j + 4);
                var sum2 = Vector256.Load(t + j + 8);
                var sum3 = Vector256.Load(t + j + 12);
                int begin = isLower ? Math.Max(0, j - first) : 0;
                double* row = data + (first + begin) * (nint)stride + j, factor = c + begin * (nint)step;
                for (int p = begin; p < count; p++, row += stride, factor += step)
                {
                    var f = Vector256.Create(sign * *factor);
                    sum0 = Vector256.FusedMultiplyAdd(f, Vector256.Load(row), sum0);
                    sum1 = Vector256.FusedMultiplyAdd(f, Vector256.Load(row + 4), sum1);
                    sum2 = Vector256.FusedMultiplyAdd(f, Vector256.Load(row + 8), sum2);
                    sum3 = Vector256.FusedMultiplyAdd(f, Vector256.Load(row + 12), sum3);
                }
                sum0.Store(t + j);
                sum1.Store(t + j + 4);
                sum2.Store(t + j + 8);
                sum3.Store(t + j + 12);
            }
        }
    }
}
