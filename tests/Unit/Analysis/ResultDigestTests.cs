using System.Collections.Immutable;
using Grains.Analysis;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;

namespace Tests.Unit.Analysis;

public sealed class ResultDigestTests
{
    private static readonly Digest Plain = Of(Facts.Sweep())!.Value;

    /// <summary>
    /// The digest is made of facts written by hand, so no machine matters. If this fails, the form has changed and needs a new version.
    /// </summary>
    [Fact]
    public void TheFormOfVersionTwoStays() =>
        Assert.Equal("4a2e1b959886d0487a77da0c2e40069a3c69110df50eba6c85a3d93f36f4d651", Plain.Value);

    [Fact]
    public void TheOrderOfTrialsDoesNotMatter()
    {
        var trials = Facts.Sweep();
        foreach (int[] order in new int[][] { [3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1], [0, 2, 1, 3] })
            Assert.Equal(Plain, Of([.. order.Select(i => trials[i])]));
    }

    public static TheoryData<string> Included => [.. IncludedFacts.Keys];

    [Theory, MemberData(nameof(Included))]
    public void EachFactOfTheResultChangesIt(string fact) =>
        Assert.NotEqual(Plain, Of(Facts.Sweep().WithFirst(IncludedFacts[fact])));

    public static TheoryData<string> Excluded => [.. ExcludedFacts.Keys];

    [Theory, MemberData(nameof(Excluded))]
    public void NothingElseChangesIt(string fact) =>
        Assert.Equal(Plain, Of([.. Facts.Sweep().Select(ExcludedFacts[fact])]));

    [Theory]
    [InlineData("validation_loss", Goal.Maximize, ReadAt.Best)]
    [InlineData("validation_accuracy", Goal.Minimize, ReadAt.Best)]
    [InlineData("validation_accuracy", Goal.Maximize, ReadAt.Last)]
    public void TheObjectiveChangesIt(string metric, Goal goal, ReadAt at) =>
        Assert.NotEqual(Plain, ResultDigest.Of(new Ranking(new Objective(metric, goal, at), ClassifierResult.Metrics), Facts.Sweep()));

    [Fact]
    public void AMissingTrialChangesIt() => Assert.NotEqual(Plain, Of(Facts.Sweep().RemoveAt(3)));

    [Fact]
    public void EveryNaNIsTheSame()
    {
        double other = BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8000000000123));
        Assert.Equal(WithLoss(double.NaN), WithLoss(other));
        Assert.NotEqual(WithLoss(double.NaN), WithLoss(double.PositiveInfinity));

        static Digest? WithLoss(double loss) =>
            Of(Facts.Sweep().WithFirst(t => t.AtEpoch(2, m => m with { Train = m.Train with { Loss = loss } })));
    }

    [Fact]
    public void ZeroAndMinusZeroAreOneBecauseSqliteKeepsNoSign()
    {
        Assert.Equal(WithPenalty(0.0), WithPenalty(-0.0));

        static Digest? WithPenalty(double penalty) => Of(Facts.Sweep().WithFirst(t => t.AtEpoch(2, m => m with { Penalty = penalty })));
    }

    [Theory]
    [InlineData(TrialState.Pending)]
    [InlineData(TrialState.Running)]
    [InlineData(TrialState.Paused)]
    [InlineData(TrialState.Cancelled)]
    public void ThereIsNoneWhileATrialIsUndecidedOrWasCancelled(TrialState state) =>
        Assert.Null(Of(Facts.Sweep().WithFirst(t => t with { State = state, FinalCheckpoint = null })));

    [Theory]
    [InlineData(FailureClass.Diverged, true)]
    [InlineData(FailureClass.Invalid, true)]
    [InlineData(FailureClass.OutOfMemory, false)]
    [InlineData(FailureClass.Crashed, false)]
    [InlineData(FailureClass.NonDeterministic, false)]
    [InlineData(FailureClass.Error, false)]
    public void AFailureBelongsToTheResultOnlyWhenTheRecipeCausedIt(FailureClass failure, bool ofTheRecipe) =>
        Assert.Equal(ofTheRecipe, Of(Facts.Sweep().WithFirst(t => Failed(t, failure))) is not null);

    [Fact]
    public void TwoWaysToFailDiffer() => Assert.NotEqual(
        Of(Facts.Sweep().WithFirst(t => Failed(t, FailureClass.Diverged))),
            Of(Facts.Sweep().WithFirst(t => Failed(t, FailureClass.Invalid))));

    [Fact]
    public void WhatAFailedTrialLeftBehindDoesNotMatter()
    {
        var failed = Facts.Sweep().WithFirst(t => Failed(t, FailureClass.Diverged));
        Assert.Equal(Of(failed), Of(failed.WithFirst(t => t with
        {
            FinalCheckpoint = Facts.Named("the latest"),
            Reason = "another word",
        })));
    }

    [Fact]
    public void ATrialThatFailedBeforeItsFirstEpochHasAPlaceInIt() =>
        Assert.NotNull(Of(Facts.Sweep().WithFirst(t => Failed(t, FailureClass.Invalid) with { Measurements = [] })));

    [Fact]
    public void AStoppedTrialCountsWithTheEpochsThatItHas() =>
        Assert.NotNull(Of(Facts.Sweep().WithFirst(t => t with { State = TrialState.Stopped, Measurements = t.Measurements[..2] })));

    [Fact]
    public void ThereIsNoneWithoutTrials() => Assert.Null(Of([]));

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(1, 2, 2)]
    [InlineData(3, 2, 1)]
    [InlineData(1, 2, 3, 4)]
    public void ACompletedTrialMustHaveExactlyItsEpochs(params int[] epochs) =>
        Assert.Throws<InvalidOperationException>(
            () => Of(Facts.Sweep().WithFirst(t => t with { Measurements = [.. epochs.Select(e => Facts.Measured(e, 70))] })));

    [Fact]
    public void ACompletedTrialMustHaveFinalWeights() =>
        Assert.Throws<InvalidOperationException>(() => Of(Facts.Sweep().WithFirst(t => t with { FinalCheckpoint = null })));

    private static Digest? Of(ImmutableArray<TrialFacts> trials) => ResultDigest.Of(Facts.ByAccuracy, trials);

    private static TrialFacts Failed(TrialFacts trial, FailureClass failure) => trial with
    {
        State = TrialState.Failed,
        Failure = failure,
        Reason = "a word",
        FinalCheckpoint = null,
        Measurements = trial.Measurements[..1],
    };

    private static SplitResult Worse(SplitResult split) => split with { Correct = split.Correct - 1 };

    // The first trial is best at epoch 2 and ends at epoch 3.
    private static readonly Dictionary<string, Func<TrialFacts, TrialFacts>> IncludedFacts = new()
    {
        ["configuration"] = t => t with { Recipe = Facts.Classifier(t) with { Configuration = Facts.Classifier(t).Configuration with { BatchSize = 32 } } },
        ["budget"] = t => t with { Epochs = 2, Measurements = t.Measurements[..2] },
        ["replicate"] = t => t with { Replicate = 7 },
        ["state"] = t => t with { State = TrialState.Stopped },
        ["initial weights"] = t => t with { Recipe = t.Recipe with { InitialCheckpoint = Facts.Named("another") } },
        ["final weights"] = t => t with { FinalCheckpoint = Facts.Named("another") },
        ["training loss"] = t => t.AtEpoch(1, m => m with { Train = m.Train with { Loss = Math.BitIncrement(m.Train.Loss) } }),
        ["training correct"] = t => t.AtEpoch(1, m => m with { Train = Worse(m.Train) }),
        ["training total"] = t => t.AtEpoch(1, m => m with { Train = m.Train with { Total = 101 } }),
        ["validation loss"] = t =>
            t.AtEpoch(1, m => m with { Validation = m.Validation with { Loss = Math.BitIncrement(m.Validation.Loss) } }),
        ["validation correct"] = t => t.AtEpoch(1, m => m with { Validation = Worse(m.Validation) }),
        ["validation total"] = t => t.AtEpoch(1, m => m with { Validation = m.Validation with { Total = 101 } }),
        ["penalty"] = t => t.AtEpoch(1, m => m with { Penalty = Math.BitIncrement(m.Penalty) }),
        ["test at any epoch"] = t => t.AtEpoch(1, m => m with { Test = Worse(m.Test) }),
        ["a confusion matrix"] = t => t.AtEpoch(1, m => m with { TestConfusion = [1, 0, 0, 1] }),
        ["test at the best epoch"] = t => t.AtEpoch(2, m => m with { Test = Worse(m.Test) }),
        ["test at the last epoch"] = t => t.AtEpoch(3, m => m with { Test = m.Test with { Loss = Math.BitIncrement(m.Test.Loss) } }),
    };

    private static readonly Dictionary<string, Func<TrialFacts, TrialFacts>> ExcludedFacts = new()
    {
        ["number"] = t => t with { Number = 100 - t.Number },
        ["name"] = t => t with { Name = $"point {t.Number}" },
        ["parameters as people see them"] = t => t with { Parameters = t.Parameters.Add("note", new TextValue("x")) },
        ["recipe digest"] = t => t with { RecipeDigest = Facts.Named("another") },
        ["numeric path"] = t => t with { Recipe = t.Recipe with { NumericPath = "another" } },
        ["reason"] = t => t with { Reason = "a word" },
        ["silo"] = t => t with { Silo = "silo-3" },
        ["attempt"] = t => t with { Attempt = 5 },
        ["parameter count"] = t => t with { ParameterCount = 1 },
        ["seconds"] = t => t with { Measurements = [.. t.Measurements.Select(m => m with { Seconds = 99 })] },
    };
}
