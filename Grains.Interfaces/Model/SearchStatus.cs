namespace Grains.Interfaces.Model;

/// <summary>How far a search is.</summary>
/// <param name="Proposed">The points that were proposed so far.</param>
/// <param name="Planned">The most points that it proposes.</param>
/// <param name="Rungs">The epochs after which trials are looked at; the last is the budget.</param>
/// <param name="OnRung">The trials that came to each rung, from the first.</param>
[GenerateSerializer, Immutable, Alias("SearchStatus")]
public sealed record SearchStatus(
    [property: Id(0)] SamplerKind Sampler, [property: Id(1)] SchedulerKind Scheduler, [property: Id(2)] int Proposed,
    [property: Id(3)] int Planned, [property: Id(4)] int[] Rungs, [property: Id(5)] int[] OnRung);
