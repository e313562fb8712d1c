using Grains.Interfaces.Model.Randomness;
using Grains.Search;

namespace Benchmarks.Search;

/// <summary>The course of one sequential search.</summary>
/// <param name="Values">The value, without noise, of the best measured point after each trial.</param>
/// <param name="Milliseconds">The processor time of each proposal.</param>
internal sealed record SearchCourse(double[] Values, double[] Milliseconds);

/// <summary>Runs sequential searches with whole trainings.</summary>
internal static class SearchRunner
{
    /// <summary>One search of a problem, whose noise and proposals are functions of the seed.</summary>
    public static SearchCourse Run(Problem problem, ISampler sampler, long seed, int trials)
    {
        var observations = new List<Observation>();
        var values = new double[trials];
        var milliseconds = new double[trials];
        double bestMeasured = double.PositiveInfinity, best = double.PositiveInfinity;
        for (int i = 0; i < trials; i++)
        {
            var history = new SearchHistory([.. observations], []);
            double start = ThreadClock.Seconds;
            var point = sampler.Propose(problem.Space, history, new Ask(seed, i, 0, trials));
            milliseconds[i] = (ThreadClock.Seconds - start) * 1000;
            double value = problem.Loss(point), measured = value;
            if (problem.Noise > 0) measured *= 1 + problem.Noise * KeyedStream.Of(seed, 0, "noise", problem.Name, i).NextNormal();
            if (measured < bestMeasured) (bestMeasured, best) = (measured, value);
            values[i] = best;
            observations.Add(new Observation(i, point, 50, measured));
        }
        return new SearchCourse(values, milliseconds);
    }
}
