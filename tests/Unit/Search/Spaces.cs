using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;
using Grains.Search;

namespace Tests.Unit.Search;

/// <summary>Spaces of parameters of a user's program, each with something that has gone wrong somewhere.</summary>
internal static class Spaces
{
    public static readonly ImmutableSortedDictionary<string, SearchSpace> All = new Dictionary<string, SearchSpace>
    {
        ["one real"] = Of(Real("x", 0, 1)),
        ["log and linear"] = Of(Log("rate", 1e-5, 1e-1), Real("shift", -3, 7), Real("narrow", 1000, 1000.001)),
        ["whole numbers"] = Of(Whole("depth", 1, 4), Whole("units", 16, 1024, log: true), Stepped("drop", 0, 0.3, 0.1)),
        ["words"] = Of(Words("kind", "a", "b", "c"), Words("norm", "on", "off"), Numbers("batch", 64, 16, 256)),
        ["one value"] = Of(Words("kind", "a"), Real("fixed", 2, 2), Real("x", 0, 1)),
        ["conditional"] = Conditional(),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static SearchSpace Conditional() => Of(
        Words("model", "linear", "net"),
        Log("c", 1e-4, 1e4) with { When = new Condition("model", ["linear"]) },
        Whole("layers", 1, 3) with { When = new Condition("model", ["net"]) },
        Whole("width1", 16, 64, log: true) with { When = new Condition("layers", ["1", "2", "3"]) },
        Whole("width2", 16, 64, log: true) with { When = new Condition("layers", ["2", "3"]) },
        Real("drop", 0, 0.8) with { When = new Condition("layers", ["3"]) });

    public static SearchSpace Of(params ImmutableArray<Parameter> parameters) => SearchSpace.Of(Spec(parameters));

    public static SweepSpec Spec(params ImmutableArray<Parameter> parameters) => new()
    {
        Name = "t",
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
        Search = new SearchSpec { Sampler = SamplerKind.Random },
        Replicates = 1,
    };

    public static RangeParameter Real(string name, double min, double max) => new(name, min, max, false, null, false);

    public static RangeParameter Log(string name, double min, double max) => new(name, min, max, true, null, false);

    public static RangeParameter Whole(string name, double min, double max, bool log = false) => new(name, min, max, log, null, true);

    public static RangeParameter Stepped(string name, double min, double max, double step) => new(name, min, max, false, step, false);

    public static ValuesParameter Words(string name, params ImmutableArray<string> words) =>
        new(name, [.. words.Select(w => (SettingValue)new TextValue(w))]);

    public static ValuesParameter Numbers(string name, params ImmutableArray<double> numbers) =>
        new(name, [.. numbers.Select(n => (SettingValue)new NumberValue(n))]);
}
