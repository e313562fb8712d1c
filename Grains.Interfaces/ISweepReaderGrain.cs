using Grains.Interfaces.Model;
using Grains.Interfaces.Model.Views;

namespace Grains.Interfaces;

/// <summary>Answers reads that need no decision. It runs on any silo, over the same tables.</summary>
[Alias("ISweepReaderGrain")]
public interface ISweepReaderGrain : IGrainWithIntegerKey
{
    /// <summary>The sweeps, the newest first.</summary>
    [Alias("List")]
    Task<SweepSummary[]> List(CancellationToken cancellationToken);

    /// <summary>The ids that begin with the text, newest first; empty when there is none. "last" is the newest that could start.</summary>
    [Alias("Resolve")]
    Task<SweepId[]> Resolve(string idOrPrefix, CancellationToken cancellationToken);

    [Alias("Status")]
    Task<SweepSummary?> Status(SweepId sweep, CancellationToken cancellationToken);

    [Alias("Trials")]
    Task<TrialView[]> Trials(SweepId sweep, CancellationToken cancellationToken);

    /// <summary>The canonical recipe of a trial, as JSON. Null when there is no such trial.</summary>
    [Alias("Recipe")]
    Task<string?> Recipe(TrialId trial, CancellationToken cancellationToken);

    /// <summary>
    /// The number of a sweep file's epochs that are left to train, if it were submitted now. This reads its data, which may take long the
    /// first time.
    /// </summary>
    [Alias("Forecast")]
    Task<ReuseForecast> Forecast(SubmitRequest request, CancellationToken cancellationToken);

    /// <summary>The outcome of a request to extend a sweep; null when there was none under that key.</summary>
    [Alias("Extension")]
    Task<ExtensionProgress?> Extension(SweepId sweep, string key, CancellationToken cancellationToken);

    /// <summary>Whether the weights of a trial's best epoch are kept.</summary>
    [Alias("HasBestWeights")]
    Task<bool> HasBestWeights(TrialId trial, CancellationToken cancellationToken);

    /// <summary>The results contract, as JSON (<see cref="Model.Results.SweepResults"/>). Null when there is no such sweep.</summary>
    [Alias("Results")]
    Task<string?> Results(SweepId sweep, CancellationToken cancellationToken);

    /// <summary>
    /// What the values of one setting do, over pairs of trials that differ in it alone. Null when there is no such sweep.
    /// </summary>
    /// <param name="by">The setting; `epochs` for the budget.</param>
    /// <param name="baseline">The value to compare with; null for the first in the file's order that has pairs.</param>
    /// <exception cref="SpecException">A name or value is wrong, or there are no pairs; the message says what there is.</exception>
    [Alias("Compare")]
    Task<ComparisonView?> Compare(
        SweepId sweep, string by, string? baseline, EffectsQuestion about, CancellationToken cancellationToken);

    /// <summary>What each setting does, as <see cref="Compare"/> tells it of one. Null when there is no such sweep.</summary>
    /// <exception cref="SpecException">A name or value is wrong; the message says what there is.</exception>
    [Alias("Effects")]
    Task<EffectsView?> Effects(SweepId sweep, EffectsQuestion about, CancellationToken cancellationToken);

    /// <summary>
    /// Everything after the cursor, then what follows, until the sweep has ended. A snapshot at least every two seconds keeps the call
    /// alive.
    /// </summary>
    [Alias("Watch")]
    IAsyncEnumerable<SweepUpdate> Watch(SweepId sweep, WatchCursor cursor, CancellationToken cancellationToken);

    /// <summary>Confusion matrix (true class by predicted) of a trial at the objective's epoch; null before the first epoch.</summary>
    [Alias("Confusion")]
    Task<ConfusionView?> Confusion(TrialId trial, CancellationToken cancellationToken);

    /// <summary>The spans of the sweep's trace, oldest first.</summary>
    [Alias("Trace")]
    Task<SpanRecord[]> Trace(SweepId sweep, CancellationToken cancellationToken);

    /// <summary>The weights of a trial, in safetensors format and in pieces: at its budget, or at the best epoch.</summary>
    /// <exception cref="SpecException">There are no such weights; the message says why.</exception>
    [Alias("Checkpoint")]
    IAsyncEnumerable<byte[]> Checkpoint(TrialId trial, bool best, CancellationToken cancellationToken);
}

/// <param name="Done">False while it is being prepared.</param>
/// <param name="Refusal">The reason for its failure, or null.</param>
[GenerateSerializer, Immutable, Alias("ExtensionProgress")]
public sealed record ExtensionProgress([property: Id(0)] bool Done, [property: Id(1)] string? Refusal);

/// <param name="Asked">The sum of the budgets.</param>
/// <param name="Notes">What a person should know of the data; null from an older silo.</param>
[GenerateSerializer, Immutable, Alias("ReuseForecast")]
public sealed record ReuseForecast([property: Id(0)] long Asked, [property: Id(1)] long ToTrain, [property: Id(2)] string[]? Notes = null);

/// <param name="Classes">The names of the classes, in the order of rows and columns.</param>
/// <param name="Test">The counts on the test split, row by row.</param>
[GenerateSerializer, Immutable, Alias("ConfusionView")]
public sealed record ConfusionView([property: Id(0)] int Epoch, [property: Id(1)] string[] Classes, [property: Id(2)] int[] Validation,
    [property: Id(3)] int[] Test);
