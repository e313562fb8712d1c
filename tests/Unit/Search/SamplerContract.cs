using System.Collections.Immutable;
using Grains.Interfaces.Model;
using Grains.Search;

namespace Tests.Unit.Search;

/// <summary>What every sampler promises, whatever the space and the losses.</summary>
public abstract class SamplerContract
{
    public static TheoryData<string> Names => [.. Spaces.All.Keys];

    protected abstract ISampler Sampler { get; }

    /// <summary>Whether the sampler can search a space that has no end of points.</summary>
    protected virtual bool IsEndless => true;

    [Theory]
    [MemberData(nameof(Names), MemberType = typeof(SamplerContract))]
    public void ProposalsLieInTheirDomainsAndHoldTheConditions(string name)
    {
        var space = Spaces.All[name];
        foreach (var point in Searched(space, 24, Bowl)) AssertInside(space, point);
    }

    [Theory]
    [MemberData(nameof(Names), MemberType = typeof(SamplerContract))]
    public void EqualInputsGiveTheEqualPoint(string name)
    {
        var space = Spaces.All[name];
        var points = Searched(space, 16, Bowl);
        if (points.Length == 0) return;
        var history = HistoryOf(points.Select(p => (p, Bowl(p))));
        var ask = new Ask(3, points.Length, 0, 50);
        var first = Sampler.Propose(space, history, ask);
        var again = Sampler.Propose(space, history, ask);
        Assert.Equal(first.Unit, again.Unit);
        Assert.Equal(first.Settings, again.Settings);
    }

    [Theory]
    [MemberData(nameof(Names), MemberType = typeof(SamplerContract))]
    public void AnotherTryGivesAnotherPointUntilTheSpaceIsExhausted(string name)
    {
        var space = Spaces.All[name];
        foreach (int known in new[] { 0, 15 })
        {
            var history = HistoryOf(Searched(space, known, Bowl).Select(p => (p, Bowl(p))));
            if (!IsEndless && space.Count is null) return;
            var seen = history.Observations.Select(o => Key(o.Point)).ToHashSet();
            for (int attempt = 0; attempt < 6 && seen.Count < (space.Count ?? 1e9); attempt++)
            {
                var point = Sampler.Propose(space, history, new Ask(5, 20, attempt, 50));
                Assert.True(seen.Add(Key(point)), $"try {attempt} after {known} points");
            }
        }
    }

    [Fact]
    public void AFiniteSpaceIsSearchedWithoutRepeats()
    {
        var space = Spaces.All["words"];
        var points = Searched(space, 18, Bowl);
        Assert.Equal(18, points.Select(Key).Distinct().Count());
        var more = Sampler.Propose(space, HistoryOf(points.Select(p => (p, Bowl(p)))), new Ask(5, 18, 0, 30));
        AssertInside(space, more);
    }

    [Theory]
    [InlineData("all equal")]
    [InlineData("all diverged")]
    [InlineData("half diverged")]
    [InlineData("huge")]
    [InlineData("one alone")]
    [InlineData("the same point")]
    public void StrangeLossesGiveSensiblePoints(string losses)
    {
        foreach (var space in Spaces.All.Values)
        {
            var points = Searched(space, 20, Bowl);
            var history = HistoryOf(points.Select((p, i) => losses switch
            {
                "all equal" => (p, 1.0),
                "all diverged" => (p, double.PositiveInfinity),
                "half diverged" => (p, i % 2 == 0 ? double.PositiveInfinity : Bowl(p)),
                "huge" => (p, Math.Pow(10, 15 * i)),
                "one alone" => (p, i == 0 ? 1 : double.PositiveInfinity),
                _ => (points[0], i),
            }));
            if (!history.Observations.IsEmpty)
                AssertInside(space, Sampler.Propose(space, history, new Ask(5, history.Observations.Length, 0, 50)));
        }
    }

    [Fact]
    public void PointsUnderWayAreNotProposedAgain()
    {
        foreach (var space in Spaces.All.Values)
        {
            if (!IsEndless && space.Count is null) continue;
            var points = Searched(space, 15, Bowl);
            var history = HistoryOf(points.Select(p => (p, Bowl(p))));
            var seen = points.Select(Key).ToHashSet();
            for (int i = 0; i < 8 && seen.Count < (space.Count ?? 1e9); i++)
            {
                var point = Sampler.Propose(space, history, new Ask(5, points.Length + i, 0, 50));
                Assert.True(seen.Add(Key(point)), $"point {i}");
                history = history with { Pending = history.Pending.Add(point) };
            }
        }
    }

    [Fact]
    public void LossesOfSeveralRungsAreTaken()
    {
        var space = Spaces.All["log and linear"];
        if (!IsEndless) return;
        var observations = new List<Observation>();
        for (int i = 0; i < 40; i++)
        {
            observations.Sort((a, b) => (a.Epochs, a.Index).CompareTo((b.Epochs, b.Index)));
            var point = Sampler.Propose(space, new SearchHistory([.. observations], []), new Ask(5, i, 0, 40));
            AssertInside(space, point);
            observations.Add(new Observation(i, point, 3, Bowl(point) + 1));
            if (i % 2 == 0) observations.Add(new Observation(i, point, 9, Bowl(point)));
            if (i % 4 == 0) observations.Add(new Observation(i, point, 27, i % 8 == 0 ? Bowl(point) : double.PositiveInfinity));
        }
    }

    protected static double Bowl(SearchPoint point) => point.Unit.Sum(u => u is { } x ? (x - 0.3) * (x - 0.3) : 0.05);

    /// <summary>A sequential search from nothing.</summary>
    protected ImmutableArray<SearchPoint> Searched(SearchSpace space, int count, Func<SearchPoint, double> loss, long seed = 5)
    {
        if (!IsEndless && space.Count is null) return [];
        var points = new List<(SearchPoint Point, double Loss)>();
        for (int i = 0; i < count; i++)
        {
            var point = Sampler.Propose(space, HistoryOf(points), new Ask(seed, i, 0, count));
            points.Add((point, loss(point)));
        }
        return [.. points.Select(p => p.Point)];
    }

    protected static SearchHistory HistoryOf(IEnumerable<(SearchPoint Point, double Loss)> points) =>
        new([.. points.Select((p, i) => new Observation(i, p.Point, 10, p.Loss))], []);

    private static string Key(SearchPoint point) => string.Join(" ", point.Settings.Select(s => $"{s.Key}={s.Value}"));

    private static void AssertInside(SearchSpace space, SearchPoint point)
    {
        var acting = space.Dimensions.Where((_, i) => point.Unit[i] is not null).Select(d => d.Name);
        Assert.Equal(acting.Order(StringComparer.Ordinal), point.Settings.Keys);
        Assert.Equal(point.Unit, space.PointOf(point.Settings).Unit);
        foreach (var dimension in space.Dimensions)
        {
            if (!point.Settings.TryGetValue(dimension.Name, out var value)) continue;
            switch (dimension)
            {
                case ValuesDimension values:
                    Assert.Contains(value, values.Values);
                    break;
                case StepDimension steps:
                    double number = ((NumberValue)value).Number;
                    Assert.InRange(number, steps.Min, steps.Max);
                    Assert.Equal(0, (number - steps.Min) / steps.Step - Math.Round((number - steps.Min) / steps.Step), 1e-9);
                    break;
                case RealDimension real:
                    Assert.InRange(((NumberValue)value).Number, real.Min, real.Max);
                    break;
            }
        }
    }
}
