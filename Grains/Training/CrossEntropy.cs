namespace Grains.Training;

/// <summary>
/// Computes loss, counts and the loss's gradient of a batch of logits, in double and in the order of the samples. Legend: B batch, K
/// classes.
/// </summary>
internal sealed class CrossEntropy(int classes)
{
    /// <summary>The exponentials of the current sample. The memory is reused.</summary>
    private readonly double[] _exponentials_K = new double[classes];

    /// <param name="gradient_BK">The place for ∂(mean loss)/∂logits; empty when nobody asks for it.</param>
    /// <param name="tally">The tally that each sample is added to.</param>
    public void Add(ReadOnlySpan<float> logits_BK, ReadOnlySpan<int> labels_B, Span<float> gradient_BK, Tally tally)
    {
        for (int b = 0; b < labels_B.Length; b++)
        {
            var logits_K = logits_BK.Slice(b * classes, classes);
            int best = 0;
            for (int k = 1; k < classes; k++) if (logits_K[k] > logits_K[best]) best = k;

            double sum = 0, highest = logits_K[best];
            for (int k = 0; k < classes; k++) sum += _exponentials_K[k] = Math.Exp(logits_K[k] - highest);
            tally.Add(Math.Log(sum) + highest - logits_K[labels_B[b]], labels_B[b], best);

            if (gradient_BK.IsEmpty) continue;
            for (int k = 0; k < classes; k++)
            {
                double target = k == labels_B[b] ? 1 : 0;
                gradient_BK[(b * classes) + k] = (float)(((_exponentials_K[k] / sum) - target) / labels_B.Length);
            }
        }
    }
}
