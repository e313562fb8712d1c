using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>
/// The training-trial grain, keyed by the recipe's digest and placed on the silo that leased it: what the cluster talks to while the
/// slot's own thread trains.
/// </summary>
[Alias("ITrainingGrain")]
public interface ITrainingGrain : IGrainWithStringKey
{
    /// <summary>A slot of this silo trains under this attempt; the grain tells the coordinators that ask for it.</summary>
    [Alias("Begin")]
    Task Begin(int attempt, CancellationToken cancellationToken);

    /// <summary>An epoch that somebody asks for is kept: the coordinators that wait for it are told.</summary>
    [Alias("Advanced")]
    Task Advanced(int attempt, int epoch, CancellationToken cancellationToken);

    /// <summary>The attempt has ended, and whatever it came to is in the journal: the coordinators are told, and nobody trains here any more.</summary>
    [Alias("Ended")]
    Task Ended(int attempt, CancellationToken cancellationToken);

    /// <summary>The demands have changed: train on to another epoch, or stop before the next batch.</summary>
    [Alias("DemandChanged")]
    Task DemandChanged(CancellationToken cancellationToken);
}
