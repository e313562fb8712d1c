using System.Text.Json.Serialization;
using Grains.Interfaces.Model.Metrics;

namespace Grains.Interfaces.Model.Specs;

/// <summary>The training program of a sweep: what its trials run. It is a closed family.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ClassifierSpec), "classifier")]
[JsonDerivedType(typeof(CommandSpec), "command")]
[JsonDerivedType(typeof(RecordedSpec), "recorded")]
public abstract record ProgramSpec
{
    /// <summary>Everything that a sweep of this program can vary.</summary>
    [JsonIgnore] public abstract SettingCatalog Settings { get; }

    /// <summary>What it reports for each epoch.</summary>
    public abstract MetricVocabulary Vocabulary();

    /// <summary>The metric by which a sweep ranks where its file names none: the first that it may rank by, unless the program says otherwise.</summary>
    public virtual string? UsualObjective() => Vocabulary().Rankable.FirstOrDefault()?.Name;

    /// <summary>Whether equal recipes give equal bits, so that what is trained may be trained again, shared and digested.</summary>
    [JsonIgnore] public virtual bool Repeats => true;

    /// <summary>Turns a point's settings into the form in which they act.</summary>
    /// <exception cref="SpecException">A setting is outside its domain, or two contradict each other.</exception>
    public abstract ProgramConfiguration Configure(PointSettings settings);
}
