using System.Collections.Immutable;
using System.Text;
using Grains.Analysis;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Specs;

namespace Tests.Unit.Analysis;

/// <summary>Makes trials by hand: two configurations, two replicates, three epochs.</summary>
internal static class Facts
{
    public static readonly Objective BestAccuracy = new("validation_accuracy", Goal.Maximize, ReadAt.Best);

    public static readonly Ranking ByAccuracy = new(BestAccuracy, ClassifierResult.Metrics);

    public static Digest Named(string what) => Digest.Of(Encoding.UTF8.GetBytes(what));

    public static ImmutableArray<TrialFacts> Sweep() =>
        [Trial(1, 0.001, 1, 70, 80, 75), Trial(2, 0.001, 2, 72, 82, 82), Trial(3, 0.01, 1, 60, 90, 85), Trial(4, 0.01, 2, 61, 94, 94)];

    /// <param name="validation">Correct of 100 in the validation split, one per epoch; the budget is their number.</param>
    public static TrialFacts Trial(int number, double rate, int replicate, params int[] validation)
    {
        var recipe = RecipeOf(rate, replicate);
        return new TrialFacts
        {
            Number = number,
            Name = null,
            Parameters = ImmutableSortedDictionary<string, SettingValue>.Empty.Add("learning_rate", new NumberValue(rate)),
            Replicate = replicate,
            Epochs = validation.Length,
            Recipe = recipe,
            RecipeDigest = recipe.Digest(),
            State = TrialState.Completed,
            Failure = null,
            Reason = null,
            Measurements = [.. validation.Select((correct, i) => Measured(i + 1, correct))],
            FinalCheckpoint = Named($"final {rate} {replicate}"),
            Silo = "silo-1",
            Attempt = 1,
            ParameterCount = 1234,
        };
    }

    public static Measurement Measured(int epoch, int correct) => new ClassifierResult
    {
        Train = new(1.0 / epoch, correct, 100),
        Validation = new(1.5 / epoch, correct, 100),
        Test = new(1.6 / epoch, correct - 1, 100),
        Penalty = 0.25,
    }.Measurement(epoch, seconds: 2);

    public static TrialFacts AtEpoch(this TrialFacts trial, int epoch, Func<ClassifierResult, ClassifierResult> change) =>
        trial with { Measurements = trial.Measurements.SetItem(epoch - 1, trial.Measurements[epoch - 1].With(change)) };

    public static ImmutableArray<TrialFacts> WithFirst(this ImmutableArray<TrialFacts> trials, Func<TrialFacts, TrialFacts> change) =>
        trials.SetItem(0, change(trials[0]));

    public static ClassifierRecipe Classifier(TrialFacts trial) => (ClassifierRecipe)trial.Recipe;

    private static ClassifierRecipe RecipeOf(double rate, int replicate) => new()
    {
        Configuration = new Configuration
        {
            Model = new DenseModel
            {
                Hidden = [8],
                Activation = new Activation(ActivationKind.Relu),
                Initializer = Initializer.HeNormal,
                BatchNorm = null,
                Dropout = null,
                L2 = null,
            },
            Optimizer = new Adam { LearningRate = rate, Decay = null, WeightDecay = null, Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8 },
            BatchSize = 64,
            Limit = null,
            Precision = Precision.Float32,
        },
        Data = new DataIdentity(Named("data"), 32, 32, 4, 1000, 200, 200),
        Seed = 1,
        Replicate = replicate,
        InitialCheckpoint = Named($"initial {replicate}"),
        NumericPath = "test",
    };
}
