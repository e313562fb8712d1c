using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Results;

/// <summary>Readings of a confusion matrix: counts, row = true class, column = predicted, row by row.</summary>
public static class Confusion
{
    /// <summary>Per true class the share that was recognized, 0..1; null for a class without an image.</summary>
    /// <exception cref="ArgumentException">The matrix is not square.</exception>
    public static ImmutableArray<double?> Recall(ReadOnlySpan<int> matrix)
    {
        int classes = Classes(matrix);
        var recall = ImmutableArray.CreateBuilder<double?>(classes);
        for (int row = 0; row < classes; row++)
        {
            long images = 0;
            foreach (int count in matrix.Slice(row * classes, classes)) images += count;
            recall.Add(images == 0 ? null : (double)matrix[row * classes + row] / images);
        }
        return recall.MoveToImmutable();
    }

    /// <summary>Rows of the matrix; 0 for an empty one.</summary>
    /// <exception cref="ArgumentException">The matrix is not square.</exception>
    public static int Classes(ReadOnlySpan<int> matrix)
    {
        int classes = (int)Math.Round(Math.Sqrt(matrix.Length));
        return classes * classes == matrix.Length
            ? classes
            : throw new ArgumentException($"{matrix.Length} counts are no square matrix: give classes × classes of them.", nameof(matrix));
    }
}
