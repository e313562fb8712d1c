using System.Text.Json.Serialization;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Specs;

/// <summary>The built-in classifier of images.</summary>
/// <param name="Data">The images.</param>
/// <param name="InitialCheckpoint">
/// The absolute path of the safetensors file that every trial starts from; null to draw one per replicate and architecture.
/// </param>
public sealed record ClassifierSpec(DataSpec Data, string? InitialCheckpoint) : ProgramSpec
{
    [JsonIgnore]
    public override SettingCatalog Settings => InitialCheckpoint is null ? SettingCatalog.Classifier : SettingCatalog.ClassifierOfOwnWeights;

    public override MetricVocabulary Vocabulary() => ClassifierResult.Metrics;

    public override string? UsualObjective() => FileFields.UsualObjective;

    public override ProgramConfiguration Configure(PointSettings settings) => ConfigurationFactory.Of(settings);
}
