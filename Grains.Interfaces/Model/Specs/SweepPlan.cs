using System.Collections.Immutable;

namespace Grains.Interfaces.Model.Specs;

/// <summary>
/// The trials that a spec asks for, before any data is read. Its points have no repeats, and each has its settings made to act. It is a
/// function of the spec alone, so that a preview and the coordinator see the same trials in the same order.
/// </summary>
public sealed record SweepPlan(ImmutableArray<PlannedPoint> Points, ImmutableArray<PlannedTrial> Trials);

/// <summary>One configuration with its budget.</summary>
/// <param name="Name">The file's name for it, or null where a sampler proposed it.</param>
/// <param name="Parameters">The settings that tell this point from the sweep's others, for people. Those that do not act are left
/// out.</param>
/// <param name="Epochs">The budget.</param>
public sealed record PlannedPoint(string? Name, ImmutableSortedDictionary<string, SettingValue> Parameters,
    ProgramConfiguration Configuration, int Epochs)
{
    /// <summary>The settings that the point itself gives, over the sweep's shared settings.</summary>
    public required ImmutableSortedDictionary<string, SettingValue> Own { get; init; }

    /// <summary>Two points with one key are the same: they would train the same.</summary>
    public string Key => $"{Epochs} {Configuration.Json()}";
}

/// <summary>One row of the sweep: a point under one replicate. Numbers count from 1, and replicates of a point stand together.</summary>
public sealed record PlannedTrial(int Number, PlannedPoint Point, int Replicate);
