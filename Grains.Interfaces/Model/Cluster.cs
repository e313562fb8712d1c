namespace Grains.Interfaces.Model;

/// <summary>One silo as `sweep cluster status` shows it.</summary>
[GenerateSerializer, Immutable, Alias("SiloDescription")]
public sealed record SiloDescription
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required int Pid { get; init; }

    /// <summary>The host, port and generation, as Orleans writes them.</summary>
    [Id(2)] public required string Address { get; init; }

    /// <summary>Orleans' membership status: Active, Joining, Dead …</summary>
    [Id(3)] public required string State { get; init; }

    [Id(4)] public required int Slots { get; init; }

    /// <summary>The number of trainings under way.</summary>
    [Id(5)] public required int Busy { get; init; }

    /// <summary>The hash of the output of the numeric probe at the silo's start.</summary>
    [Id(6)] public required string Fingerprint { get; init; }

    /// <summary>The libtorch version and CPU capability, for people.</summary>
    [Id(7)] public required string Environment { get; init; }

    [Id(8)] public required string Version { get; init; }
}

[GenerateSerializer, Immutable, Alias("ClusterDescription")]
public sealed record ClusterDescription([property: Id(0)] string Version, [property: Id(1)] SiloDescription[] Silos);
