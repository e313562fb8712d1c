using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Grains.Training.Explicit;

/// <summary>Copies a matrix with rows and columns exchanged, by blocks of 4 × 4.</summary>
internal static unsafe class Transposition
{
    /// <param name="from">The matrix (rows, columns), with its columns side by side.</param>
    /// <param name="to">The result (columns, rows), with <paramref name="toStep"/> between its rows.</param>
    public static void Run(Matrix from, int rows, int columns, float* to, int toStep)
    {
        nint step = from.RowStep;
        if (from.ColumnStep != 1) throw new ArgumentException("Only a matrix with its columns side by side is transposed.", nameof(from));
        int wholeRows = Sse.IsSupported ? rows / 4 * 4 : 0, wholeColumns = columns / 4 * 4;
        // It goes along the columns of a strip of rows. The reads run in 4 streams, and neighbours finish each line that is written.
        for (int c = 0; c < wholeColumns; c += 4)
        {
            for (int r = 0; r < wholeRows; r += 4)
            {
                float* source = from.Data + (r * step) + c;
                var (r0, r1, r2, r3) = (Vector128.Load(source), Vector128.Load(source + step),
                    Vector128.Load(source + (2 * step)), Vector128.Load(source + (3 * step)));
                var (low0, low1) = (Sse.UnpackLow(r0, r1), Sse.UnpackLow(r2, r3));
                var (high0, high1) = (Sse.UnpackHigh(r0, r1), Sse.UnpackHigh(r2, r3));
                float* target = to + ((nint)c * toStep) + r;
                Sse.MoveLowToHigh(low0, low1).Store(target);
                Sse.MoveHighToLow(low1, low0).Store(target + toStep);
                Sse.MoveLowToHigh(high0, high1).Store(target + (2 * (nint)toStep));
                Sse.MoveHighToLow(high1, high0).Store(target + (3 * (nint)toStep));
            }
        }
        for (int r = 0; r < rows; r++)
        {
            for (int c = r < wholeRows ? wholeColumns : 0; c < columns; c++) to[((nint)c * toStep) + r] = from.Data[(r * step) + c];
        }
    }
}
