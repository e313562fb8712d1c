using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Specs;

/// <summary>
/// Curves that were recorded elsewhere and are replayed, so that a search can be tried in seconds. See docs/recorded.md for the files.
/// </summary>
public sealed record RecordedSpec : ShippedSpec
{
    /// <summary>The folder of configs.csv and curves-TASK.csv: a path from the folder of the sweep file.</summary>
    public required string Folder { get; init; }

    /// <summary>The name of the recorded task.</summary>
    public required string Task { get; init; }

    /// <summary>The columns that are replayed as metrics, in the file's order.</summary>
    public required ImmutableArray<Metric> Metrics { get; init; }

    /// <summary>The names of the parameters that the sweep gives it: columns of configs.csv.</summary>
    public required ImmutableArray<string> Parameters { get; init; }

    /// <summary>The parameters as the sweep's space has them, by which the nearest recorded configuration is found.</summary>
    public ImmutableArray<RecordedAxis> Axes { get; init; } = [];

    [JsonIgnore] public override string Base => Folder;

    [JsonIgnore] public override ImmutableArray<string> Shipment => ["configs.csv", $"curves-{Task}.csv"];

    [JsonIgnore] public override SettingCatalog Settings => SettingCatalog.OfCommand(Parameters);

    public override MetricVocabulary Vocabulary() => new([.. Metrics], []);

    public override ProgramConfiguration Configure(PointSettings settings) => new RecordedConfiguration
    {
        Task = Task,
        Parameters = Parameters.Where(settings.IsGiven).ToImmutableSortedDictionary(p => p, p => settings[p], StringComparer.Ordinal),
        Metrics = [.. Metrics.Select(m => m.Name)],
        Axes = Axes,
    };
}
