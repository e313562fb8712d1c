using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Specs;

/// <summary>A program of the user's, in any language, that each trial starts as a process. See docs/your-own.md for the protocol.</summary>
public sealed record CommandSpec : ShippedSpec
{
    /// <summary>The program and its arguments. A placeholder {name} stands for the value of a parameter.</summary>
    public required ImmutableArray<string> Run { get; init; }

    /// <summary>The files and folders that are shipped, by their paths from the folder of the sweep file.</summary>
    public required ImmutableArray<string> Files { get; init; }

    /// <summary>The metrics that it reports, in the file's order.</summary>
    public required ImmutableArray<Metric> Metrics { get; init; }

    /// <summary>The names of the parameters that the sweep gives it.</summary>
    public required ImmutableArray<string> Parameters { get; init; }

    /// <summary>The longest time for one epoch; null for any.</summary>
    public required TimeSpan? Timeout { get; init; }

    /// <summary>Whether the user promises equal bytes for equal parameters, seed, replicate and files.</summary>
    public required bool Repeatable { get; init; }

    [JsonIgnore] public override ImmutableArray<string> Shipment => Files;

    [JsonIgnore] public override bool Repeats => Repeatable;

    [JsonIgnore]
    public override SettingCatalog Settings => SettingCatalog.OfCommand(Parameters);

    public override MetricVocabulary Vocabulary() => new([.. Metrics], []);

    public override ProgramConfiguration Configure(PointSettings settings) => new CommandConfiguration
    {
        Run = Run,
        Parameters = Parameters.Where(settings.IsGiven).ToImmutableSortedDictionary(p => p, p => settings[p], StringComparer.Ordinal),
        Metrics = [.. Metrics.Select(m => m.Name)],
        Repeatable = Repeatable,
    };
}
