namespace Grains.Interfaces.Model;

/// <summary>The findings of `sweep doctor`: where each open trial stands, and what does not agree.</summary>
[GenerateSerializer, Immutable, Alias("Checkup")]
public sealed record Checkup([property: Id(0)] TrialStanding[] Trials, [property: Id(1)] string[] Faults,
    [property: Id(2)] string[] Counts)
{
    /// <summary>What is amiss and mends itself, with what will happen.</summary>
    [Id(3)] public string[] Notes { get; init; } = [];
}

/// <param name="Why">"on silo-2, slot 0, attempt 3" or "waits: …".</param>
[GenerateSerializer, Immutable, Alias("TrialStanding")]
public sealed record TrialStanding([property: Id(0)] TrialId Trial, [property: Id(1)] TrialState State, [property: Id(2)] string Why);
