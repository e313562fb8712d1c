namespace Grains.Search.Simulation;

/// <summary>The made-up cluster of a simulation.</summary>
public sealed record SimulationOptions
{
    /// <summary>The number of trainings at once: 1..10,000.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>The probability that an attempt is cut off in an epoch. It goes on from the epoch before.</summary>
    public double Failures { get; init; }

    /// <summary>The probability that a training's slot is slow: it takes <see cref="Slowness"/> times as long.</summary>
    public double Stragglers { get; init; }

    /// <summary>How much longer a slow slot takes.</summary>
    public const double Slowness = 3;
}
