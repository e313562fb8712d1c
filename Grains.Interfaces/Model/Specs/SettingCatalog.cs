using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs;

/// <summary>
/// Everything that a sweep of one training program can vary. The reader checks by it, and the schema and the reference are generated from
/// it. Its rules of acting decide which points are the same.
/// </summary>
public sealed class SettingCatalog
{
    // The bounds are wide enough for any model that trains on a processor. They are narrow enough that a slip of a digit is caught here.
    private static readonly ListDomain Widths = new(MaxItem: 65_536, MinCount: 0, MaxCount: 64);
    private static readonly NumberDomain Positive = new(0, OpenMin: true) { Computed = true };
    private static readonly NumberDomain NotNegative = new(0) { Computed = true };
    private static readonly NumberDomain BelowOne = new(0, 1, OpenMax: true) { Computed = true };
    private static readonly NumberDomain AboveZero = new(0, 1, OpenMin: true) { Computed = true };
    private static readonly FlagDomain Flag = new();

    private static readonly Setting Epochs = new("epochs", SettingBlock.Training, new IntegerDomain(1, 100_000), Number(10),
        "The budget: passes over the training images.");

    private static readonly ImmutableArray<Setting> OfModel =
    [
        Model("kind", new ChoiceDomain(["dense", "cnn"]), Text("dense"), "Fully connected, or convolutional."),
        Model("hidden", Widths, List(300, 150), "Widths of the hidden layers, in units; [] is a linear classifier.", With("kind", "dense")),
        Model("filters", new ListDomain(MaxItem: 4096, MinCount: 1, MaxCount: 32), List(64, 128, 128, 256, 256),
            "Filters of each 3×3 convolution; 2×2 max pooling follows the 1st, 3rd, 5th …", With("kind", "cnn")),
        Model("dense", Widths, List(512, 128), "Widths of the ELU layers between the last pooling and the output.", With("kind", "cnn")),
        Model("activation", Words<ActivationKind>.Domain, Text("relu"), "After each hidden layer or convolution.") with { ActsWhen = HasHidden },
        Model("leaky_slope", new NumberDomain(0, 1) { Computed = true }, Number(0.01), "Slope of leaky ReLU below zero (Keras: 0.3).",
            With("activation", "leaky_relu")),
        Model("initializer", Words<Initializer>.Domain, Text("he_normal"), "First weights; acts with `initial_checkpoint: auto`."),
        Model("batch_norm", Flag, new BooleanValue(false), "Batch normalization of each hidden layer or convolution.") with { ActsWhen = HasHidden },
        Model("batch_norm_epsilon", AboveZero, Number(1e-5), "Added to the variance (Keras: 1e-3).", With("batch_norm", "true")),
        Model("batch_norm_momentum", AboveZero, Number(0.1),
            "Weight of the newest batch in the running statistics (Keras: 0.01).", With("batch_norm", "true")),
        Model("dropout", BelowOne, Number(0), "Share of the activations set to zero in training; 0 is none.") with { ActsWhen = HasHidden },
        Model("l2", NotNegative, Number(0), "λ of the penalty λ·Σw² over weight matrices (dense) or kernels (cnn); 0 is none."),
    ];

    private static readonly ImmutableArray<Setting> OfTraining =
    [
        Training("optimizer", new ChoiceDomain(["adam", "adamw", "sgd"]), Text("adam"), "How gradients become updates."),
        Training("learning_rate", Positive, Number(1e-3), "Rate of the first update."),
        Training("decay", NotNegative, Number(0), "Rate at update t = 0, 1, … is learning_rate / (1 + decay·t)."),
        Training("momentum", BelowOne, Number(0), "Share of the last step that is kept.", With("optimizer", "sgd")),
        Training("weight_decay", NotNegative, Number(0), "torch's: added to the gradient (adam, sgd), or taken from the weight (adamw)."),
        Training("beta1", BelowOne, Number(0.9), "Decay of the mean of the gradient.", With("optimizer", "adam", "adamw")),
        Training("beta2", BelowOne, Number(0.999), "Decay of the mean of its square.", With("optimizer", "adam", "adamw")),
        Training("epsilon", Positive, Number(1e-8), "Added to the denominator (Keras: 1e-7).", With("optimizer", "adam", "adamw")),
        Training("batch_size", new IntegerDomain(1, 1_000_000, "full"), Number(64), "Images per update; `full` is batch gradient descent."),
        Epochs,
        Training("limit", new IntegerDomain(2, 100_000_000, "none"), Text("none"),
            "At most this many images of each split, the first in its order."),
        Training("precision", Words<Precision>.Domain, Text("fp32"),
            "`bf16`: matrix products and convolutions in bfloat16; slower than fp32 on processors without instructions for it."),
    ];

    private readonly FrozenDictionary<string, Setting> _byName;

    private SettingCatalog(ImmutableArray<Setting> all) => (All, _byName) = (all, all.ToFrozenDictionary(s => s.Name));

    /// <summary>The settings of the built-in classifier: its model, then its training.</summary>
    public static SettingCatalog Classifier { get; } = new([.. OfModel, .. OfTraining]);

    /// <summary>The same where the first weights come from a file of the user's, so that no initializer acts.</summary>
    public static SettingCatalog ClassifierOfOwnWeights { get; } =
        new([.. Classifier.All.Select(s => s.Name == "initializer" ? s with { ActsWhen = _ => false } : s)]);

    /// <summary>The budget of a program of the user's.</summary>
    public static Setting EpochsOfCommand { get; } =
        Epochs with { Block = SettingBlock.Program, Default = Number(1), Doc = "The budget: the last epoch that is demanded of the program." };

    /// <summary>The settings of a program of the user's: its budget, and parameters with these names.</summary>
    public static SettingCatalog OfCommand(IEnumerable<string> parameters) => new(
    [
        EpochsOfCommand,
        .. parameters.Select(p => new Setting(p, SettingBlock.Parameters, new ScalarDomain(), null, "A parameter of the program.")),
    ]);

    /// <summary>All settings, in the order of the reference.</summary>
    public ImmutableArray<Setting> All { get; }

    public IEnumerable<string> Names => All.Select(s => s.Name);

    public Setting? Find(string name) => _byName.GetValueOrDefault(name);

    private static Setting Model(string name, Domain domain, SettingValue value, string doc, Condition? with = null) =>
        new(name, SettingBlock.Model, domain, value, doc) { ActsWith = with };

    private static Setting Training(string name, Domain domain, SettingValue value, string doc, Condition? with = null) =>
        new(name, SettingBlock.Training, domain, value, doc) { ActsWith = with };

    private static Condition With(string setting, params ImmutableArray<string> values) => new(setting, values);

    // A network without hidden layers has nothing to activate, normalize or drop.
    private static bool HasHidden(PointSettings settings) => settings.Text("kind") != "dense" || !settings.List("hidden").IsEmpty;

    private static NumberValue Number(double value) => new(value);

    private static TextValue Text(string value) => new(value);

    private static ListValue List(params ImmutableArray<int> items) => new(items);
}
