using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;
using Grains.Search;

namespace Benchmarks.Search;

/// <summary>A function over a space, to be minimized.</summary>
/// <param name="Best">The least value that is known; null where the best of all runs takes its place.</param>
/// <param name="Loss">The value at a point, without noise.</param>
internal sealed record Problem(string Name, SearchSpace Space, double? Best, Func<SearchPoint, double> Loss)
{
    /// <summary>The standard deviation of the noise, as a share of the value.</summary>
    public double Noise { get; init; }

    /// <summary>The same function, whose values are measured with noise.</summary>
    public Problem WithNoise(double share) => this with { Name = $"{Name} + {share:P0} noise", Noise = share };

    /// <summary>A space of parameters, each of which a program of the user's would be given.</summary>
    public static SearchSpace SpaceOf(params ImmutableArray<Parameter> parameters) => SearchSpace.Of(new SweepSpec
    {
        Name = "search",
        Seed = 1,
        Objective = new Objective("loss", Goal.Minimize, ReadAt.Last),
        Program = new CommandSpec
        {
            Run = ["true"],
            Files = [],
            Metrics = [],
            Parameters = [.. parameters.Select(p => p.Name)],
            Timeout = null,
            Repeatable = true,
        },
        Shared = ImmutableSortedDictionary<string, SettingValue>.Empty,
        Parameters = parameters,
        Trials = [],
        Search = new SearchSpec { Sampler = SamplerKind.Auto },
        Replicates = 1,
    });

    public static RangeParameter Real(string name, double min, double max, bool log = false) => new(name, min, max, log, null, false);

    public static RangeParameter Whole(string name, double min, double max, bool log = false) => new(name, min, max, log, null, true);

    public static ValuesParameter Words(string name, params ImmutableArray<string> words) =>
        new(name, [.. words.Select(w => (SettingValue)new TextValue(w))]);

    public static double Number(SearchPoint point, string name) => ((NumberValue)point.Settings[name]).Number;
}
