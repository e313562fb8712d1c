using System.Collections.Immutable;
using Grains.Search.Proposals;
using Grains.Search.Samplers.Sobol;

namespace Grains.Search.Samplers.GaussianProcess;

/// <summary>
/// Bayesian optimization with a Gaussian process (Snoek et al. 2012): it fits the process to the losses and proposes the point with the
/// largest expected improvement. Kernel, priors and the way to the maximum are those of Optuna 5's GP sampler (github.com/optuna/optuna,
/// optuna/_gp); the losses are squeezed first. Points under way count as if they had come to what is expected of them ("Kriging
/// believer", Ginsbourger et al. 2010).
/// </summary>
/// <remarks>
/// An improvement counts from a margin below the best expected loss (the ξ of Lizotte 2008), in standard deviations of the losses. The
/// margin is small, so that no trainings go into the last digits; for every fourth point it is large, which looks for another basin.
/// The cost grows with the cube of the number of losses. Beyond <see cref="Most"/> it looks at the best half of that number and at the
/// latest, and so costs no more.
/// </remarks>
public sealed class GaussianProcessSampler : ISampler
{
    /// <summary>The most losses that the model looks at.</summary>
    public const int Most = 200;

    private const int PerRung = 12, MostPending = 64, Fitted = 60, Evaluations = 60, Refinements = 10, Known = 3,
        FarEvery = 4;

    private const double FarMargin = 1, NearMargin = 0.0003, LastFar = 0.8;

    private readonly SobolSampler _startup = new();

    public SearchPoint Propose(SearchSpace space, SearchHistory history, Ask ask)
    {
        var encoding = new Encoding(space);
        if (encoding.Size == 0 || Evidence.Of(history, ask.Startup, PerRung) is not { } evidence)
            return _startup.Propose(space, history, ask);

        int[] ranked = evidence.Ranked();
        int[] seen = Seen(ranked);
        double[] values = Squeezed.Of([.. seen.Select(i => evidence.Losses[i])]);
        var points = encoding.Of(seen.Select(i => evidence.Points[i]));
        var kernel = Fit(encoding, points, values);
        var model = new Model(kernel, encoding.Columns(points), values);

        double[] means = MeansOf(model, points);
        double best = means.Min() - (IsFar(ask) ? FarMargin : NearMargin);
        var pending = encoding.Of(history.Pending.TakeLast(MostPending));
        if (pending.Length > 0)
            model = new Model(kernel, encoding.Columns([.. points, .. pending]), [.. values, .. MeansOf(model, pending)]);

        var known = Enumerable.Range(0, seen.Length).OrderBy(i => means[i]).ThenBy(i => i).Take(Known)
            .Select(i => evidence.Points[seen[i]]).ToList();
        return Fresh.Pick(space, history, ask, new Maximizer(space, encoding, model, best, ask).Best(known));
    }

    /// <summary>Whether the point is to be better by much. The last fifth of a search looks close by.</summary>
    private static bool IsFar(Ask ask) => ask.Index % FarEvery == FarEvery - 1 && ask.Index < LastFar * ask.Planned;

    /// <summary>The numbers of the losses that the model looks at, in their order.</summary>
    private static int[] Seen(int[] ranked) => ranked.Length <= Most ? [.. ranked.Order()]
        : [.. ranked.Take(Most / 2).Concat(ranked.OrderDescending()).Distinct().Take(Most).Order()];

    /// <summary>The kernel is found on some of the losses, and refined on all of them where there are many.</summary>
    private static Kernel Fit(Encoding encoding, double[][] points, double[] values)
    {
        var weights = new double[encoding.Size];
        Array.Fill(weights, 1);
        var kernel = new Kernel(encoding.IsCategory, weights, 1, 1e-2);
        if (values.Length > Fitted)
        {
            int[] some = [.. Enumerable.Range(0, Fitted).Select(i => i * values.Length / Fitted)];
            var columns = encoding.Columns([.. some.Select(i => points[i])]);
            kernel = Likelihood.Fit(columns, encoding.IsCategory, [.. some.Select(i => values[i])], kernel, Evaluations);
        }
        int evaluations = values.Length > Fitted ? Refinements : Evaluations;
        return Likelihood.Fit(encoding.Columns(points), encoding.IsCategory, values, kernel, evaluations);
    }

    private static double[] MeansOf(Model model, double[][] points)
    {
        var means = new double[points.Length];
        model.At(points, means, new double[points.Length]);
        return means;
    }
}
