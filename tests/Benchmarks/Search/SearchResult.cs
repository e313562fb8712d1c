using System.Collections.Immutable;
using Grains.Interfaces.Model.Randomness;

namespace Benchmarks.Search;

/// <summary>All runs of a sampler on a problem.</summary>
internal sealed record SearchResult(Problem Problem, string Sampler, ImmutableArray<SearchCourse> Courses)
{
    private const int Resamples = 2000;

    /// <summary>The regrets after a number of trials, sorted.</summary>
    public double[] Regrets(int trials, double best) => [.. Courses.Select(c => c.Values[trials - 1] - best).Order()];

    public double Median(int trials, double best) => Quantile(Regrets(trials, best), 0.5);

    public static double Quantile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int low = (int)at, high = Math.Min(low + 1, sorted.Length - 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }

    /// <summary>The 95 % interval of the ratio of this sampler's median to another's, by the bootstrap of both.</summary>
    public (double Low, double High) RatioTo(SearchResult other, int trials, double best)
    {
        var stream = KeyedStream.Of(1, 0, "bootstrap", $"{Problem.Name} {Sampler} {other.Sampler}", trials);
        double[] ours = Regrets(trials, best), theirs = other.Regrets(trials, best);
        double[] ratios = [.. Enumerable.Range(0, Resamples)
            .Select(_ => Resampled(ours) / Math.Max(Resampled(theirs), 1e-12)).Order()];
        return (Quantile(ratios, 0.025), Quantile(ratios, 0.975));

        double Resampled(double[] regrets) =>
            Quantile([.. Enumerable.Range(0, regrets.Length).Select(_ => regrets[stream.NextInt(regrets.Length)]).Order()], 0.5);
    }
}
