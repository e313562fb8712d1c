using System.Collections.Immutable;

namespace Grains.Programs;

/// <summary>All that a training by somebody's own program depends on.</summary>
public sealed record CommandWork
{
    /// <summary>The program and its arguments, with every placeholder filled in. No shell reads them.</summary>
    public required ImmutableArray<string> Run { get; init; }

    /// <summary>The trial's parameters: a JSON object.</summary>
    public required string ParametersJson { get; init; }

    /// <summary>The names of the declared metrics. Values are packed in this order.</summary>
    public required ImmutableArray<string> Metrics { get; init; }

    public required long Seed { get; init; }

    /// <summary>The replicate, counted from 1.</summary>
    public required int Replicate { get; init; }

    /// <summary>Whether equal work promises equal numbers, so that known epochs may be reported again.</summary>
    public bool Repeatable { get; init; } = true;

    /// <summary>A package of <see cref="Interfaces.Model.Files.PackedFiles"/> for the program's folder; empty for none.</summary>
    public byte[] Files { get; init; } = [];

    /// <summary>The longest time for one epoch, and for the program's end after its last one; null for none.</summary>
    public TimeSpan? Timeout { get; init; }
}
