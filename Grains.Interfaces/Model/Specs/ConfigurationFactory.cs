namespace Grains.Interfaces.Model.Specs;

/// <summary>
/// Turns settings into the form in which they act. It leaves out whatever changes no number, so that points that act alike are equal.
/// </summary>
public static class ConfigurationFactory
{
    /// <exception cref="SpecException">A setting is outside its domain, or two contradict each other.</exception>
    public static Configuration Of(PointSettings settings)
    {
        RequireDomains(settings);
        var model = Model(settings);
        int? batchSize = settings.WholeUnlessWord("batch_size");
        if (IsBatchOfOneNormalized(settings)) throw new SpecException($"batch_size: 1 {BatchOfOneRule}. {BatchOfOneRemedy}");
        return new Configuration
        {
            Model = model,
            Optimizer = Optimizer(settings),
            BatchSize = batchSize,
            Limit = settings.WholeUnlessWord("limit"),
            Precision = Words<Precision>.Parse(settings.Text("precision")),
        };
    }

    /// <summary>
    /// Checks that a value obeys the catalog, whatever wrote it: the file, a draw or an option. A file's own mistakes were told before, by
    /// line.
    /// </summary>
    private static void RequireDomains(PointSettings settings)
    {
        var precision = Words<Precision>.Parse(settings.Text("precision"));
        foreach (var setting in settings.Catalog.All)
        {
            if (!settings.Acts(setting.Name)) continue;
            var value = settings[setting.Name];
            var wrong = setting.Domain.Check(value);
            if (value is NumberValue { Number: var number } && setting.Domain is NumberDomain domain)
                wrong ??= domain.CheckIn(number, precision);
            if (wrong is not null) throw new SpecException($"{setting.Name}: {value} {wrong.Rule}. {wrong.Remedy}");
        }
    }

    internal const string BatchOfOneRule = "cannot stand with `batch_norm: true`, as one sample has no variance";
    internal const string BatchOfOneRemedy = "Use a batch size of 2 or more, or no batch norm; list single combinations under `trials`.";

    internal static bool IsBatchOfOneNormalized(PointSettings settings) =>
        settings.WholeUnlessWord("batch_size") == 1 && settings.Flag("batch_norm") && settings.Acts("batch_norm");

    private static ModelSpec Model(PointSettings s)
    {
        Initializer? initializer = s.Acts("initializer") ? Words<Initializer>.Parse(s.Text("initializer")) : null;
        var norm = s.Acts("batch_norm") && s.Flag("batch_norm")
            ? new BatchNorm(s.Number("batch_norm_epsilon"), s.Number("batch_norm_momentum"))
            : null;
        double? dropout = UnlessZero(s, "dropout"), l2 = UnlessZero(s, "l2");
        var activation = s.Acts("activation")
            ? new Activation(Words<ActivationKind>.Parse(s.Text("activation")), s.Acts("leaky_slope") ? s.Number("leaky_slope") : null)
            : null;
        return s.Text("kind") switch
        {
            "dense" => new DenseModel
            {
                Initializer = initializer,
                BatchNorm = norm,
                Dropout = dropout,
                L2 = l2,
                Hidden = s.List("hidden"),
                Activation = activation,
            },
            "cnn" => new CnnModel
            {
                Initializer = initializer,
                BatchNorm = norm,
                Dropout = dropout,
                L2 = l2,
                Filters = s.List("filters"),
                Dense = s.List("dense"),
                Activation = activation!,
            },
            var kind => throw new InvalidOperationException($"No model is of kind {kind}."),
        };
    }

    private static OptimizerSpec Optimizer(PointSettings s)
    {
        double rate = s.Number("learning_rate");
        double? decay = UnlessZero(s, "decay"), weightDecay = UnlessZero(s, "weight_decay");
        return s.Text("optimizer") switch
        {
            "adam" => new Adam
            {
                LearningRate = rate,
                Decay = decay,
                WeightDecay = weightDecay,
                Beta1 = s.Number("beta1"),
                Beta2 = s.Number("beta2"),
                Epsilon = s.Number("epsilon"),
            },
            "adamw" => new AdamW
            {
                LearningRate = rate,
                Decay = decay,
                WeightDecay = weightDecay,
                Beta1 = s.Number("beta1"),
                Beta2 = s.Number("beta2"),
                Epsilon = s.Number("epsilon"),
            },
            "sgd" => new Sgd { LearningRate = rate, Decay = decay, WeightDecay = weightDecay, Momentum = UnlessZero(s, "momentum") },
            var kind => throw new InvalidOperationException($"No optimizer is called {kind}."),
        };
    }

    private static double? UnlessZero(PointSettings s, string name) => s.Acts(name) && s.Number(name) is not 0 and var x ? x : null;
}
