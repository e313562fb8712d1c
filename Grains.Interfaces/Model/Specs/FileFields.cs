using System.Collections.Immutable;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Specs;

/// <summary>The fields of a sweep file that do not vary. With the <see cref="SettingCatalog"/> they are the whole vocabulary.</summary>
public static class FileFields
{
    // A double, and so a reader of YAML in any language, holds these numbers exactly.
    private static readonly IntegerDomain Seeds = new(0, 1L << 53);
    private static readonly IntegerDomain Images = new(1, 10_000_000);
    private static readonly IntegerDomain Drawn = new(PhantomData.FewestImages, PhantomData.MostImages);
    private static readonly IntegerDomain Pixels = new(1, 4096);
    private static readonly NumberDomain Share = new(0, 1, OpenMax: true);

    public static Field Name { get; } = new("name", new TextDomain(80), null, "What the sweep is called.") { Required = true };

    public static Field Seed { get; } = new("seed", Seeds, 1, "Root of every random number of the sweep.");

    public static Field Replicates { get; } = new("replicates", new IntegerDomain(1, 1000), 1,
        "How often each point is trained, each time under another seed.");

    public static Field InitialCheckpoint { get; } = new("initial_checkpoint", new TextDomain(), new TextValue("auto"),
        "`auto` draws one start per replicate and architecture; else a safetensors file, relative to the sweep file.");

    /// <summary>The metric by which a sweep of the classifier ranks where its file names none.</summary>
    public const string UsualObjective = "validation_accuracy";

    /// <summary>The fields of `objective`, for a program that reports these metrics.</summary>
    /// <param name="usual">The metric that is taken where the file names none.</param>
    public static ImmutableArray<Field> ObjectiveOf(MetricVocabulary metrics, string usual = UsualObjective) =>
    [
        new("metric", new ChoiceDomain([.. metrics.Rankable.Select(m => m.Name)]),
            new TextValue(usual),
            "What the sweep ranks by."),
        new("goal", Words<Goal>.Domain, null, "Default: the direction that is better for the metric."),
        new("at", Words<ReadAt>.Domain, new TextValue("best"), "The epoch that speaks for a trial: its best, or its last."),
    ];

    /// <summary>The fields of `program`, besides the setting `epochs`.</summary>
    public static ImmutableArray<Field> Program { get; } =
    [
        new("run", new TextListDomain(1, 1000), null, "The program and its arguments; {name} stands for a parameter. No shell reads them.")
            { Required = true },
        new("files", new TextListDomain(0, 1000), null, "Files and folders beside the sweep file that are shipped to every silo, 64 MiB in all."),
        new("metrics", new GoalsDomain(), null, "What the program reports for each epoch: `minimize`, `maximize`, or only `record`.")
            { Required = true },
        new("timeout", new DurationDomain(), new TextValue("1h"), "The longest time for one epoch."),
        new("repeatable", new FlagDomain(), new BooleanValue(false),
            "Whether equal parameters, seed, replicate and files give equal bytes: what is trained is then shared, and the result has a digest."),
    ];

    /// <summary>The fields of a `program` that replays recorded curves, besides the setting `epochs`.</summary>
    public static ImmutableArray<Field> Recorded { get; } =
    [
        new("recorded", new TextDomain(), null, "Folder of configs.csv and curves-TASK.csv, relative to the sweep file.") { Required = true },
        new("task", new TextDomain(200), null, "The recorded task.") { Required = true },
        new("metrics", new GoalsDomain(), null, "The columns to replay: `minimize`, `maximize`, or only `record`.") { Required = true },
    ];

    /// <summary>The number of points that a search proposes.</summary>
    public static Field Trials { get; } = new("trials", new IntegerDomain(1, SweepPlanner.MaxTrials), SearchSpec.UsualTrials,
        "How many points to propose, beside those that the file spells out.");

    public static Field Sampler { get; } = new("sampler", Words<SamplerKind>.Domain, new TextValue("auto"), "What proposes the points.");

    /// <summary>The fields of `search`.</summary>
    public static ImmutableArray<Field> Search { get; } =
    [
        Sampler,
        new("scheduler", Words<SchedulerKind>.Domain, new TextValue("full"), "What decides how far each point is trained."),
        Trials,
        new("parallelism", new IntegerDomain(1, 10_000), SearchSpec.UsualParallelism,
            "How many points may be under way at once. A proposal knows those further back, on any number of slots."),
        new("startup", new IntegerDomain(1, 10_000), SearchSpec.UsualStartup,
            "How many points are spread over the space before results are looked at."),
        new("min_epochs", new IntegerDomain(1, 1_000_000), SearchSpec.UsualMinEpochs,
            "The epochs of the first rung, and how long `patience` waits."),
        new("reduction", new IntegerDomain(2, 100), SearchSpec.UsualReduction,
            "The factor from one rung to the next; one trial in so many goes on."),
        new("shared_first", new FlagDomain(), new BooleanValue(true),
            "Whether a sampler that learns begins with the point of the shared settings."),
    ];

    /// <summary>The fields of `stop`.</summary>
    public static ImmutableArray<Field> Stop { get; } =
    [
        new("trials", new IntegerDomain(1, SweepPlanner.MaxTrials), null, "At most so many points are proposed."),
        new("epochs", new IntegerDomain(1, 1L << 53), null, "No point is proposed after so many epochs of all trials together."),
        new("target", new NumberDomain(), null, "No point is proposed after one has this value of the objective, or a better one."),
        new("patience", new IntegerDomain(1, SweepPlanner.MaxTrials), null, "No point is proposed after so many in a row without a better one."),
    ];

    /// <summary>The fields of `data` by its `source`.</summary>
    public static ImmutableArray<(string Source, ImmutableArray<Field> Fields)> Data { get; } =
    [
        ("xray-phantom",
        [
            new("train", Drawn, 6000, "Images drawn for training."),
            new("validation", Drawn, 1500, "Images drawn for validation."),
            new("test", Drawn, 1500, "Images drawn for the test."),
            new("seed", Seeds, 1, "Of the drawing."),
            new("label_noise", new NumberDomain(0, 1), 0, "Share of the training labels replaced by a random class."),
        ]),
        ("idx",
        [
            new("path", new TextDomain(), null, "Folder with train-images-idx3-ubyte[.gz] and the other three.") { Required = true },
            new("validation", Images, 5000, "Images taken from the training file for validation."),
            new("seed", Seeds, 1, "Of the split."),
        ]),
        ("image-folder",
        [
            new("path", new TextDomain(), null, "Folder of PNG and JPEG files.") { Required = true },
            new("height", Pixels, 32, "Pixels that images are resized to."),
            new("width", Pixels, 32, "Pixels that images are resized to."),
            new("class_from", Words<ClassFrom>.Domain, new TextValue("folder"), "What names an image's class."),
            new("validation_fraction", Share, 0.2,
                "Share of the images where no subfolders name the splits; of the training images where there is none for validation."),
            new("test_fraction", Share, 0.2, "Share of the images where no subfolders name the splits."),
            new("seed", Seeds, 1, "Of the split."),
        ]),
        ("csv",
        [
            new("train", new TextDomain(), null, "File with height·width pixels and a label per line.") { Required = true },
            new("test", new TextDomain(), null, "The same for the test; without it test_fraction of `train`."),
            new("height", Pixels, null, "Pixels.") { Required = true },
            new("width", Pixels, null, "Pixels.") { Required = true },
            new("max_value", new NumberDomain(0, OpenMin: true), 255, "The pixel value that becomes 1."),
            new("validation_fraction", Share, 0.2, "Share of the training file."),
            new("test_fraction", Share, 0.2, "Share of the training file, without `test`."),
            new("seed", Seeds, 1, "Of the split."),
        ]),
    ];

    /// <summary>The fields of a parameter that is a range.</summary>
    public static ImmutableArray<Field> Range { get; } =
    [
        new("distribution", new ChoiceDomain(["uniform", "log_uniform", "int_uniform"]), null,
            "Default: uniform, in whole numbers where the setting has them."),
        new("min", new NumberDomain(), null, "The smallest value.") { Required = true },
        new("max", new NumberDomain(), null, "The largest value.") { Required = true },
        new("log", new FlagDomain(), null, "Uniform in the logarithm; the same as log_uniform."),
        new("step", new NumberDomain(0, OpenMin: true), null, "Values are min + k·step; a grid needs it."),
    ];
}
