using Grains.Interfaces.Model;

namespace Grains.Storage.Journal;

/// <summary>The columns of a trial that a tally needs.</summary>
public sealed record TalliedTrial
{
    public required int Number { get; init; }
    public required int Epochs { get; init; }
    /// <summary>The part of its epochs that it may be trained for so far; all of them where no search decides.</summary>
    public required int Granted { get; init; }
    /// <summary>
    /// The number of epochs that were measured when the trial was cancelled: later ones are not its own. It is null for any other trial.
    /// </summary>
    public required int? Measured { get; init; }
    public required TrialState State { get; init; }
    public required long Training { get; init; }
}

/// <summary>The columns of a measured epoch that a tally needs.</summary>
public sealed record TalliedEpoch
{
    public required long Sequence { get; init; }
    public required long Training { get; init; }
    public required int Epoch { get; init; }
    public required int Attempt { get; init; }
    public required string? Sweep { get; init; }
    public required int? Trial { get; init; }
    public required byte[] Metrics { get; init; }
}
