using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Client.Describing;
using Client.Rendering;
using Client.Watching;
using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Metrics;
using Grains.Interfaces.Model.Results;
using Grains.Interfaces.Model.Specs;
using Grains.Interfaces.Model.Specs.Reading;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tests.Unit.Rendering;

/// <summary>Prints what verbs show of views that are made by hand, on a terminal of a given width.</summary>
internal static class Screens
{
    private static readonly Objective Accuracy = new("validation_accuracy", Goal.Maximize, ReadAt.Best);

    /// <summary>Every screen, with the number of rows of its table, headers counted.</summary>
    public static readonly ImmutableDictionary<string, (Action<IAnsiConsole> Print, int Rows)> All = ImmutableDictionary.CreateRange(
        new Dictionary<string, (Action<IAnsiConsole>, int)>
        {
            ["list"] = (c => c.Write(SweepView.Table(Sweeps())), 5),
            ["trials"] = (c => TrialsView.Print(Trials(), c), 9),
            ["trials-named"] = (c => TrialsView.Print(NamedTrials(), c), 4),
            ["results"] = (c => ResultsView.Print(Grid(), c), 5),
            ["results-drawn"] = (c => ResultsView.Print(Drawn(), c), 5),
            ["preview"] = (Preview, 9),
            ["watch"] = (c => c.Write(Watch()), 0),
            ["cluster-status"] = (c => c.Write(ClusterView.Table(Cluster())), 4),
            ["checkpoints"] = (c => c.Write(KeptView.Table(Kept())), 3),
            ["compare"] = (c => EffectsRendering.Print(EffectViews.Comparison(), c), 4),
            ["effects"] = (c => EffectsRendering.Print(EffectViews.OfAGrid(), c), 5),
            ["effects-running"] = (c => EffectsRendering.Print(EffectViews.Running(), c), 3),
            ["effects-drawn"] = (c => EffectsRendering.Print(EffectViews.Drawn(), c), 0),
            ["confusion"] = (c => ConfusionRendering.Print(3, Confusion(), c), 11),
        });

    public static string Of(string name, int width)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        All[name].Print(console);
        // Spectre fills rows of a grid with spaces, which an editor would take away.
        return string.Concat(text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(l => $"{l.TrimEnd()}\n"));
    }

    private static SweepSummary[] Sweeps() =>
    [
        Sweep("rates-p8qn6n", "rates", SweepState.Running, new(3, 2, 0, 7, 0, 0, 0), 187, 300, 0.9593),
        Sweep("batch-norm-beside-dropout-on-fashion-mnis-x4k2p9", "batch norm beside dropout", SweepState.Completed,
            new(0, 0, 0, 46, 0, 2, 0), 1180, 1200, 0.8931, minutes: 93),
        Sweep("missing-0a1b2c", "missing", SweepState.Failed, default, 0, 0, null, "data.path: /data/none is no folder.", minutes: 0),
        Sweep("homework-zz81aa", "homework", SweepState.Cancelled, new(0, 0, 0, 1200, 0, 0, 800), 30_000, 50_000, 0.9901, minutes: 300),
    ];

    private static SweepSummary Sweep(
        string id, string name, SweepState state, TrialCounts trials, long done, long asked, double? best, string? reason = null,
        int? minutes = null) => new()
        {
            Id = new SweepId(id),
            Name = name,
            State = state,
            Metrics = ClassifierResult.Metrics,
            Reason = reason,
            Submitted = Local(2026, 11, 28, 1, 55, 22),
            Ended = minutes is { } m ? Local(2026, 11, 28, 1, 55, 22).AddMinutes(m) : null,
            Trials = trials,
            EpochsDone = done,
            EpochsAsked = asked,
            Best = best,
            BestTrial = best is null ? null : 3,
            Objective = Accuracy,
            TraceId = null,
            EpochsTrained = done,
            EpochsToTrain = asked,
            Digest = null,
        };

    /// <summary>Gives the same text in every time zone.</summary>
    private static DateTimeOffset Local(int year, int month, int day, int hour, int minute, int second)
    {
        var time = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        return new DateTimeOffset(time, TimeZoneInfo.Local.GetUtcOffset(time));
    }

    private static readonly (double Rate, double Dropout, bool Norm)[] Points =
        [(0.0012345678901234567, 0.31415926535897931, true), (0.00098765432109876543, 0.27182818284590451, false),
            (2.7182818284590452e-05, 0.16180339887498948, true), (0.0012349999999999999, 0.057721566490153287, false)];

    private static string Settings(int point) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"batch_norm={(Points[point].Norm ? "true" : "false")} dropout={Points[point].Dropout} filters=[64, 128, " +
        $"128] learning_rate={new NumberValue(Points[point].Rate)}");

    private static TrialView[] Trials() =>
    [
        .. Enumerable.Range(1, 8).Select(n => Trial(n, Settings((n - 1) / 2), (n - 1) % 2 + 1,
            n < 4 ? TrialState.Completed : n == 4 ? TrialState.Failed : n < 7 ? TrialState.Running : TrialState.Pending,
            n < 4 ? 40 : n == 4 ? 3 : n < 7 ? 12 + n : 0, 40)),
    ];

    private static TrialView[] NamedTrials() =>
    [
        Trial(1, "dense, the study's own layers, without batch normalization", 1, TrialState.Completed, 25, 25, named: true),
        Trial(2, "dense, the study's own layers, with batch normalization", 1, TrialState.Cancelled, 7, 25, named: true),
        Trial(3, "a=1 is a name", 1, TrialState.Completed, 25, 25, named: true),
    ];

    private static TrialView Trial(int number, string label, int replicate, TrialState state, int epoch, int epochs,
        bool named = false) => new()
        {
            Number = number,
            Label = label,
            IsNamed = named,
            Replicate = replicate,
            State = state,
            Reason = state switch
            {
                TrialState.Failed => "The train_loss is not a finite number at epoch 3. Try a lower learning_rate.",
                TrialState.Cancelled => "The sweep was cancelled.",
                _ => null,
            },
            Epoch = epoch,
            Epochs = epochs,
            Objective = epoch == 0 ? null : 0.9 + (number * 0.0071),
            Silo = epoch == 0 ? null : $"silo-{(number % 3) + 1}",
            Attempt = epoch == 0 ? 0 : 1,
            Recipe = Digest.Of([(byte)number]),
            Reused = number == 2 ? [new EpochRange(1, 25)] : [],
            Fork = null,
        };

    private static SweepResults Grid() => Results("rates-p8qn6n",
    [
        Row([1, 2], 0.9593, 0.0028, 0.9633, 0.0019, 354_154, ("batch_norm", true), ("learning_rate", 0.0001)),
        Row([3, 4], 0.9520, 0.0104, 0.9487, 0.0101, 353_254, ("batch_norm", false), ("learning_rate", 0.001)),
        Row([5, 6], 0.9400, 0.0057, 0.9403, 0.0023, 354_154, ("batch_norm", true), ("learning_rate", 0.001)),
        Row([7, 8], null, null, null, null, 353_254, ("batch_norm", false), ("learning_rate", 1e-5)),
    ]);

    private static SweepResults Drawn() => Results("wide-0k3v7s",
    [
        .. Points.Select((p, i) => Row([(3 * i) + 1, (3 * i) + 2, (3 * i) + 3], 0.95 - (i * 0.01), 0.0028, 0.9412, 0.0033, 1_354_154,
            ("batch_norm", p.Norm), ("batch_size", 64 << i), ("dropout", p.Dropout),
            ("epochs", 40), ("filters", new JsonArray(64, 128, 128)), ("learning_rate", p.Rate))),
    ]);

    private static SweepResults Results(string id, IReadOnlyList<ConfigurationResult> rows) => new()
    {
        Sweep = new SweepHeading(id, id[..^7], SweepState.Completed, null, new string('5', 64), Accuracy, 300, 300),
        Metrics = ClassifierResult.Metrics.Metrics,
        Configurations = rows,
        Trials = [],
    };

    private static ConfigurationResult Row(
        int[] trials, double? mean, double? deviation, double? test, double? testDeviation, long parameters,
        params (string Key, JsonNode Value)[] settings) => new()
        {
            Name = null,
            Parameters = new JsonObject(settings.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))),
            Epochs = 40,
            Trials = trials,
            Completed = mean is null ? 0 : trials.Length,
            Mean = mean,
            Deviation = deviation,
            Best = mean + deviation,
            Reported = new Dictionary<string, Spread> { ["test_accuracy"] = new(test, testDeviation) },
            ParameterCount = parameters,
            Seconds = mean is null ? null : 12.345,
        };

    private static void Preview(IAnsiConsole console)
    {
        var spec = SweepSpecReader.Read("""
            name: wide
            data: {source: xray-phantom}
            model: {kind: cnn, filters: [64, 128, 128, 256, 256]}
            search: {sampler: random, trials: 8}
            parameters:
              batch_norm: {values: [true, false]}
              dropout: {min: 0, max: 0.5}
              learning_rate: {min: 1e-5, max: 1e-2, log: true}
            replicates: 3
            """, "wide.yaml", "/").Spec!;
        PlanView.Print(spec, SweepPlanner.Plan(spec), new ImageShape(32, 32, 4), all: false, console);
    }

    private static IRenderable Watch()
    {
        var progress = new SweepProgress(new SetTime());
        progress.Know(Trials());
        progress.Apply(new Snapshot(WatchCursor.Start, Sweeps()[0], [.. Trials().Where(t => t.State == TrialState.Running)]));
        return LiveWatch.Picture(progress);
    }

    private static ClusterDescription Cluster() => new("0.1.0+7e4eb92",
    [
        .. Enumerable.Range(1, 3).Select(n => new SiloDescription
        {
            Name = $"silo-{n}",
            Pid = 4_190_000 + n,
            Address = $"S127.0.0.1:{34560 + n}:136245678",
            State = n == 3 ? "Joining" : "Active",
            Slots = 2,
            Busy = n - 1,
            Fingerprint = "a80c7731e3d9f0b2",
            Environment = "libtorch 2.10.0, AVX-512, 2 processors",
            Version = "0.1.0+7e4eb92c0d3f",
        }),
    ]);

    private static KeptTraining[] Kept() =>
    [
        new()
        {
            Training = Digest.Of([1]),
            Trials = [new TrialId(new SweepId("batch-norm-beside-dropout-on-fashion-mnis-x4k2p9"), 12),
                new TrialId(new SweepId("rates-p8qn6n"), 1)],
            Checkpoints = [Checkpoint("state", 40), Checkpoint("best_validation_accuracy_maximize", 33), Checkpoint("best_validation_loss_minimize", 21)],
            Seconds = 92,
            Needed = true,
        },
        new() { Training = Digest.Of([2]), Trials = [], Checkpoints = [Checkpoint("state", 25)], Seconds = 3, Needed = false },
    ];

    private static KeptCheckpoint Checkpoint(string kind, int epoch) => new(kind, epoch, 1_417_216, Digest.Of([3]), null);

    private static Grains.Interfaces.ConfusionView Confusion()
    {
        string[] classes = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];
        return new(25, classes, [.. Enumerable.Range(0, 100).Select(i => i % 11 == 0 ? 970 : i % 7)], []);
    }
}
