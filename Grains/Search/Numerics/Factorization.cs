namespace Grains.Search.Numerics;

/// <summary>
/// The Cholesky factor of a symmetric positive definite matrix, K = UᵀU, and the inverse of its transpose, W = U⁻ᵀ, which is lower
/// triangular. The room is used again for each matrix of the size. See docs/adr/0021 for why it is not a library's.
/// </summary>
internal sealed class Factorization(int size)
{
    /// <summary>The matrix, of which the upper half is to be given. Its factor takes its place.</summary>
    public PaddedMatrix Matrix { get; } = new(size, size);

    /// <summary>W, by which z = W·y has the length yᵀK⁻¹y.</summary>
    public PaddedMatrix W { get; } = new(size, size);

    public int Size => size;

    /// <summary>Half of the logarithm of the determinant.</summary>
    public double HalfLogDeterminant
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < size; i++) sum += Math.Log(Matrix[i, i]);
            return sum;
        }
    }

    /// <summary>Factorizes the matrix that was given.</summary>
    /// <returns>False where it is not positive definite.</returns>
    public bool Factorize()
    {
        for (int k = 0; k < size; k++)
        {
            var row = Matrix.Row(k);
            PaddedMatrix.Accumulate(row, -1, Matrix.Data.AsSpan(k), Matrix.Stride, Matrix, 0, k, k, size - 1);
            if (!(row[k] > 0) || !double.IsFinite(row[k])) return false;
            row[..k].Clear();
            row[size..].Clear();
            double root = Math.Sqrt(row[k]);
            for (int j = k; j < size; j++) row[j] /= root;
        }
        for (int i = 0; i < size; i++)
        {
            var row = W.Row(i);
            row.Clear();
            PaddedMatrix.Accumulate(row, -1, Matrix.Data.AsSpan(i), Matrix.Stride, W, 0, i, 0, i, isLower: true);
            double diagonal = Matrix[i, i];
            for (int j = 0; j < i; j++) row[j] /= diagonal;
            row[i] = 1 / diagonal;
            row[(i + 1)..].Clear();
        }
        return true;
    }

    /// <summary>Writes the upper half of K⁻¹ = WᵀW.</summary>
    public void InvertUpper(PaddedMatrix result)
    {
        for (int i = 0; i < size; i++)
        {
            var row = result.Row(i);
            row.Clear();
            PaddedMatrix.Accumulate(row, 1, W.Data.AsSpan(i * W.Stride + i), W.Stride, W, i, size - i, i, size - 1, isLower: true);
        }
    }

    /// <summary>K⁻¹·y, with room for a whole row.</summary>
    public double[] Solve(ReadOnlySpan<double> y)
    {
        var z = new double[size];
        Multiply(y, z);
        var x = new double[W.Stride];
        MultiplyTransposed(z, x);
        return x;
    }

    /// <summary>z = W·y.</summary>
    public void Multiply(ReadOnlySpan<double> y, Span<double> z)
    {
        for (int i = 0; i < size; i++) z[i] = Vectors.Dot(W.Row(i)[..(i + 1)], y[..(i + 1)]);
    }

    /// <summary>x = Wᵀ·z. The result has room for a whole row.</summary>
    public void MultiplyTransposed(ReadOnlySpan<double> z, Span<double> x)
    {
        x.Clear();
        PaddedMatrix.Accumulate(x, 1, z, 1, W, 0, size, 0, size - 1, isLower: true);
    }
}
