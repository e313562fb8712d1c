using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Grains.Interfaces.Model.Specs;

/// <summary>A program that a submission ships files for.</summary>
public abstract record ShippedSpec : ProgramSpec
{
    /// <summary>The digest of the shipped files, packed; null until they are.</summary>
    public Digest? Package { get; init; }

    /// <summary>The folder that the files' names start from: a path from the folder of the sweep file.</summary>
    [JsonIgnore] public virtual string Base => ".";

    /// <summary>The files and folders that are shipped.</summary>
    [JsonIgnore] public abstract ImmutableArray<string> Shipment { get; }
}
