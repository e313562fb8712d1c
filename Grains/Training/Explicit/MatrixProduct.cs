using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Grains.Training.Explicit;

/// <summary>
/// Says how numbers in memory are a matrix, by a step between rows and one between columns. A transposed matrix is the same numbers.
/// </summary>
internal readonly unsafe struct Matrix(float* data, int rowStep, int columnStep)
{
    public readonly float* Data = data;
    public readonly int RowStep = rowStep, ColumnStep = columnStep;

    public Matrix Transposed => new(Data, ColumnStep, RowStep);
}

/// <summary>
/// Computes C ← A·B in float32 on one thread (Goto and van de Geijn 2008). A panel of B is copied together once. Then 6 rows of C at a time
/// stay in registers while the panel passes. Each element is a chain of fused multiply-adds in the order of k, one per panel. So neither
/// the vector width nor the other rows and columns change its bits. Legend: M N K the sizes, C (M, N) = A (M, K) · B (K, N).
/// </summary>
internal sealed unsafe partial class MatrixProduct : IDisposable
{
    private const int Rows = 6;
    private const int MaximalWidth = 64;

    /// <summary>The depth of a panel, whose 64 KB stay in the second-level cache beside the rows of A.</summary>
    private const int Depth = 256;

    /// <summary>6 × 64 accumulators fill 24 of 32 registers of 512 bits; 6 × 16 fill 12 of 16 of 256 bits.</summary>
    private static readonly int s_width = Avx512F.IsSupported ? MaximalWidth : 16;

    private readonly float* _panel = Allocate(Depth * MaximalWidth);
    private readonly float* _edge = Allocate(Rows * MaximalWidth);

    ~MatrixProduct() => Free();

    /// <param name="add">Whether the product is added to what C holds.</param>
    public void Multiply(Matrix a_MK, Matrix b_KN, float* c_MN, int cRowStep, int m, int n, int k, bool add = false)
    {
        int width;
        for (int column = 0; column < n; column += width)
        {
            int left = Math.Min(n - column, s_width);
            width = left >= 64 ? 64 : left >= 32 ? 32 : 16;
            int columns = Math.Min(width, left);
            for (int start = 0; start < k; start += Depth)
            {
                int depth = Math.Min(Depth, k - start);
                Pack(b_KN.Data + ((nint)start * b_KN.RowStep) + ((nint)column * b_KN.ColumnStep), b_KN, depth, columns, width);
                var slice = new Matrix(a_MK.Data + ((nint)start * a_MK.ColumnStep), a_MK.RowStep, a_MK.ColumnStep);
                for (int row = 0; row < m; row += Rows)
                {
                    Block(slice, row, Math.Min(Rows, m - row), c_MN + ((nint)row * cRowStep) + column, cRowStep, columns, width, depth,
                        add || start > 0);
                }
            }
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static float* Allocate(int count) => (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);

    private void Free()
    {
        NativeMemory.AlignedFree(_panel);
        NativeMemory.AlignedFree(_edge);
    }

    /// <summary>Copies (depth, columns) of B together, with zeros up to <paramref name="width"/>.</summary>
    private void Pack(float* b, Matrix steps, int depth, int columns, int width)
    {
        if (columns < width) new Span<float>(_panel, depth * width).Clear();
        if (steps.ColumnStep == 1)
        {
            for (int k = 0; k < depth; k++)
            {
                new ReadOnlySpan<float>(b + ((nint)k * steps.RowStep), columns).CopyTo(new(_panel + (k * width), columns));
            }
        }
        else
        {
            Transposition.Run(new(b, steps.ColumnStep, steps.RowStep), columns, depth, _panel, width);
        }
    }

    /// <summary>Computes up to 6 rows of C. Rows beyond the last are computed from the last one and thrown away.</summary>
    private void Block(Matrix a, int row, int rows, float* c, int cRowStep, int columns, int width, int depth, bool add)
    {
        float** a_M = stackalloc float*[Rows];
        for (int r = 0; r < Rows; r++) a_M[r] = a.Data + ((nint)(row + Math.Min(r, rows - 1)) * a.RowStep);
        bool whole = rows == Rows && columns == width;
        float* target = whole ? c : _edge;
        int step = whole ? cRowStep : width;
        if (!whole && add) Copy(c, cRowStep, _edge, width, rows, columns);

        if (width == 64) Tile64(a_M, a.ColumnStep, _panel, depth, target, step, add);
        else if (width == 32) Tile32(a_M, a.ColumnStep, _panel, depth, target, step, add);
        else Tile16(a_M, a.ColumnStep, _panel, depth, target, step, add);

        if (!whole) Copy(_edge, width, c, cRowStep, rows, columns);
    }

    private static void Copy(float* from, int fromStep, float* to, int toStep, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
        {
            new ReadOnlySpan<float>(from + ((nint)r * fromStep), columns).CopyTo(new(to + ((nint)r * toStep), columns));
        }
    }
}
