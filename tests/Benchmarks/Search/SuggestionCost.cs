using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Randomness;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Grains.Search.Samplers;

namespace Benchmarks.Search;

/// <summary>The processor time of one proposal in seven dimensions, after many observations.</summary>
internal static class SuggestionCost
{
    private const int Dimensions = 7, Proposals = 9;

    private static readonly (SamplerKind Kind, string Name, int[] Known)[] s_cases =
    [
        (SamplerKind.Tpe, "tpe", [100, 1000, 5000]), (SamplerKind.CmaEs, "cma_es", [100, 1000, 5000]),
        (SamplerKind.Gp, "gp", [50, 100, 200, 1000]),
    ];

    /// <summary>The median milliseconds for each sampler and number of observations.</summary>
    public static List<(string Sampler, int Known, double Milliseconds)> Measure()
    {
        var costs = new List<(string, int, double)>();
        var space = Problem.SpaceOf(
            [.. Enumerable.Range(0, Dimensions).Select(i => (Parameter)Problem.Real($"x{i}", 0, 1))]);
        foreach (var (kind, name, sizes) in s_cases)
        {
            var sampler = SamplerOf.Kind(kind);
            foreach (int known in sizes)
            {
                var history = HistoryOf(space, known);
                double[] times = [.. Enumerable.Range(0, Proposals + 2).Select(i => Time(() =>
                    sampler.Propose(space, history, new Ask(1, known + i, 0, known * 2)))).Skip(2).Order()];
                costs.Add((name, known, times[times.Length / 2]));
            }
        }
        return costs;
    }

    private static SearchHistory HistoryOf(SearchSpace space, int known)
    {
        var random = SamplerOf.Kind(SamplerKind.Random);
        return new([.. Enumerable.Range(0, known).Select(i =>
        {
            var point = random.Propose(space, SearchHistory.Empty, new Ask(1, i, 0, known));
            double noise = KeyedStream.Of(1, 0, "noise", "", i).NextNormal();
            return new Observation(i, point, 1, point.Unit.Sum(u => (u!.Value - 0.3) * (u.Value - 0.3)) * (1 + 0.02 * noise));
        })], []);
    }

    private static double Time(Action action)
    {
        double start = ThreadClock.Seconds;
        action();
        return (ThreadClock.Seconds - start) * 1000;
    }
}
