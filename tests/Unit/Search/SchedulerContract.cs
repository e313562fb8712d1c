using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Randomness;
using Grains.Interfaces.Model.Specs;
using Grains.Search;
using Grains.Search.Schedulers;

namespace Tests.Unit.Search;

/// <summary>What every scheduler keeps, whatever it decides.</summary>
public abstract class SchedulerContract
{
    protected const int Budget = 27, Points = 40, Window = 4;

    protected abstract SchedulerKind Kind { get; }

    [Fact]
    public void SlotsAndTheOrderOfArrivalDecideNothing()
    {
        string calm = Play(1, 1).Story;
        for (int seed = 1; seed <= 60; seed++)
            foreach (int slots in new[] { 1, 2, 8, 64 }) Assert.Equal(calm, Play(slots, seed).Story);
    }

    [Fact]
    public void EveryPointEndsStoppedFailedOrTrainedToItsBudget()
    {
        var game = Play(4, 3);
        for (int i = 0; i < Points; i++)
        {
            bool ended = game.Board.VerdictOf(i) switch
            {
                Verdict.Stop { Reason: var reason } => reason.Length > 10 && char.IsUpper(reason[0]) && reason[^1] == '.',
                Verdict.Go { Epochs: var e } => e == Budget || game.Board.OutcomeOf(i, e) is not Outcome.Measured,
                _ => false,
            };
            Assert.True(ended, $"Point {i}: {game.Board.VerdictOf(i)}");
        }
        Assert.True(game.Board.IsQuiet);
    }

    [Fact]
    public void ProposalIsLetToKnowNothingOfTheWindowBeforeIt()
    {
        foreach (string known in Play(8, 5).Known)
        {
            var parts = known.Split(": ");
            int index = int.Parse(parts[0], null);
            Assert.All(parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                s => Assert.InRange(int.Parse(s.Split('@')[0], null), 0, index - Window));
        }
    }

    [Fact]
    public void AllDivergingIsAnEndToo()
    {
        var game = new BoardGame(New(), Points, Budget, Window, (_, _) => new Outcome.Diverged()).Play(3, 1);
        Assert.True(game.Board is { Closed: true, IsQuiet: true });
        Assert.DoesNotContain(Enumerable.Range(0, Points), i => game.Board.VerdictOf(i) is Verdict.Go { Epochs: Budget } && Kind != SchedulerKind.Full
            && Kind != SchedulerKind.Hyperband);
    }

    [Fact]
    public void LosingEveryPointIsAnEndToo()
    {
        var game = new BoardGame(New(), Points, Budget, Window, (_, _) => new Outcome.Lost()).Play(3, 1);
        Assert.True(game.Board is { Closed: true, IsQuiet: true });
    }

    protected IScheduler New() => SchedulerOf.Search(Search, Rungs.Of(Search, Budget));

    protected SearchSpec Search => new() { Sampler = SamplerKind.Random, Scheduler = Kind, Parallelism = Window, MinEpochs = 1, Reduction = 3 };

    protected BoardGame Play(int slots, int seed) => new BoardGame(New(), Points, Budget, Window, Outcomes).Play(slots, seed);

    /// <summary>Curves that fall to a floor of their own, with noise; some diverge and some are lost.</summary>
    protected static Outcome Outcomes(int point, int epochs)
    {
        var fate = KeyedStream.Of(7, 0, "fate", "", point);
        double floor = fate.NextDouble(), speed = fate.NextDouble(), luck = fate.NextDouble();
        if (luck < 0.06 && epochs > 2) return new Outcome.Diverged();
        if (luck > 0.97) return new Outcome.Lost();
        return new Outcome.Measured(floor + Math.Pow(epochs, -0.3 - speed) + 0.02 * KeyedStream.Of(7, 0, "noise", $"{point}", epochs).NextDouble());
    }
}

public sealed class FullBudgetTests : SchedulerContract
{
    protected override SchedulerKind Kind => SchedulerKind.Full;

    [Fact]
    public void EveryPointIsTrainedToItsBudget() => Assert.All(
        Enumerable.Range(0, Points), i => Assert.Equal(new Verdict.Go(Budget), Play(2, 1).Board.VerdictOf(i)));
}

public sealed class MedianTests : SchedulerContract
{
    protected override SchedulerKind Kind => SchedulerKind.Median;

    [Fact]
    public void WorstPointIsStoppedAndTheBestIsNot()
    {
        var game = new BoardGame(New(), Points, Budget, Window, (p, e) => new Outcome.Measured(p % 10 + 1.0 / e)).Play(4, 1);
        Assert.IsType<Verdict.Stop>(game.Board.VerdictOf(19));
        Assert.Equal(new Verdict.Go(Budget), game.Board.VerdictOf(20));
    }
}

public sealed class PatienceTests : SchedulerContract
{
    protected override SchedulerKind Kind => SchedulerKind.Patience;

    [Fact]
    public void PointThatBecomesNoBetterStopsThere()
    {
        var game = new BoardGame(New(), Points, Budget, Window, (p, e) => new Outcome.Measured(p == 3 ? Math.Max(0, 5 - e) : -e)).Play(4, 1);
        Assert.Equal(6, Assert.IsType<Verdict.Stop>(game.Board.VerdictOf(3)).Epochs);
        Assert.Equal(new Verdict.Go(Budget), game.Board.VerdictOf(4));
    }
}

public sealed class ScreeningTests : SchedulerContract
{
    protected override SchedulerKind Kind => SchedulerKind.Screening;

    [Fact]
    public void BestThirdOfAllGoesOnToTheEnd()
    {
        var game = new BoardGame(New(), Points, Budget, Window, (p, _) => new Outcome.Measured(p)).Play(4, 1);
        Assert.Equal(Enumerable.Range(0, Points / 3), Enumerable.Range(0, Points).Where(i => game.Board.VerdictOf(i) is Verdict.Go));
    }
}

public sealed class HalvingTests : SchedulerContract
{
    protected override SchedulerKind Kind => SchedulerKind.Halving;

    [Fact]
    public void BlockOf27EndsWithOne()
    {
        var game = new BoardGame(New(), 27, Budget, Window, (p, _) => new Outcome.Measured((p + 13) % 27)).Play(4, 1);
        Assert.Equal([14], Enumerable.Range(0, 27).Where(i => game.Board.VerdictOf(i) is Verdict.Go));
        // Rungs 1, 3, 9, 27 with 27, 9, 3 and 1 points.
        Assert.Equal(18 * 1 + 6 * 3 + 2 * 9 + 27, game.Epochs);
    }
}

public sealed class HyperbandTests : SchedulerContract
{
    protected override SchedulerKind Kind => SchedulerKind.Hyperband;

    [Fact]
    public void BracketsAreThoseOfThePaper() => Assert.Equal(
        // R = 81 and η = 3, table 1 of Li et al. 2018.
        [(81, 0), (34, 1), (15, 2), (8, 3), (5, 4), (81, 0)],
        Bracket.Of(SchedulerKind.Hyperband, Rungs.Of(Search, 81)).Take(6).Select(b => (b.Size, b.FirstRung)));
}

public sealed class AshaTests : SchedulerContract
{
    protected override SchedulerKind Kind => SchedulerKind.Asha;

    [Fact]
    public void OnePointOfAFewIsTrainedToTheEnd()
    {
        var game = new BoardGame(New(), 5, Budget, Window, (p, _) => new Outcome.Measured(Math.Abs(p - 2))).Play(1, 1);
        Assert.Equal([2], Enumerable.Range(0, 5).Where(i => game.Board.VerdictOf(i) is Verdict.Go { Epochs: Budget }));
        Assert.Equal(4, Enumerable.Range(0, 5).Count(i => game.Board.VerdictOf(i) is Verdict.Stop));
    }

    [Fact]
    public void MorePointsKeepThePastAsItWas()
    {
        var small = Known(20);
        Assert.Equal(small, Known(40)[..20]);

        string[] Known(int points) => [.. new BoardGame(New(), points, Budget, Window, Outcomes).Play(4, 1).Known];
    }

    [Fact]
    public void ItCostsAFractionOfWholeTrainings() => Assert.InRange(Play(4, 1).Epochs, Points, Points * Budget / 3);
}
