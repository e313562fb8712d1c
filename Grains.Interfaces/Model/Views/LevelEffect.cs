namespace Grains.Interfaces.Model.Views;

/// <summary>What one level of a setting does, compared with the baseline.</summary>
[GenerateSerializer, Immutable, Alias("LevelEffect")]
public sealed record LevelEffect
{
    [Id(0)] public required SettingValue Level { get; init; }

    /// <summary>The mean of the metric's differences, level minus baseline; null where no pair counts.</summary>
    [Id(1)] public double? Difference { get; init; }

    /// <summary>The lower end of the 95 % interval; null with one replicate, and where replicates do not differ at all.</summary>
    [Id(2)] public double? Low { get; init; }

    [Id(3)] public double? High { get; init; }

    /// <summary>The number of pairs that count.</summary>
    [Id(4)] public int Pairs { get; init; }

    /// <summary>The number of those pairs whose difference has the sign of the mean.</summary>
    [Id(5)] public int Agree { get; init; }

    /// <summary>The probability of a mean this far from 0 without a difference; null without an interval.</summary>
    [Id(6)] public double? P { get; init; }

    /// <summary>The same, corrected for all comparisons of the answer by the method of Holm.</summary>
    [Id(7)] public double? PHolm { get; init; }

    /// <summary>The number of replicates that the pairs are of. They are the random unit.</summary>
    [Id(8)] public int Replicates { get; init; }

    /// <summary>The number of configurations that the pairs are of, without the compared setting.</summary>
    [Id(9)] public int Configurations { get; init; }

    /// <summary>The deviation of the replicates' mean differences (n − 1); null with one replicate.</summary>
    [Id(10)] public double? Deviation { get; init; }

    /// <summary>
    /// The number of replicates with which a difference as large as this one would be found with a probability of 80 %. It is null where
    /// one was found, where nothing can be said, and where it takes more than a sweep may have.
    /// </summary>
    [Id(11)] public int? ReplicatesNeeded { get; init; }

    /// <summary>The pairs that do not count.</summary>
    [Id(12)] public required PairsLeftOut LeftOut { get; init; }

    /// <summary>The settings that act at this level or at the baseline only. They are averaged over.</summary>
    [Id(13)] public required string[] Averaged { get; init; }

    /// <summary>The settings on which the difference was found to depend.</summary>
    [Id(14)] public EffectDependence[] DependsOn { get; init; } = [];

    /// <summary>Whether a difference was found: it would be rare by chance, all comparisons of the answer counted.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public bool IsFound => PHolm <= 0.05;
}
