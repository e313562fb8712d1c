using Grains.Interfaces.Model;

namespace Grains.Interfaces;

/// <summary>
/// The training-trial grain, keyed by the recipe's digest and placed on the silo that leased it. The cluster talks to it while the slot's
/// own thread trains.
/// </summary>
[Alias("ITrainingGrain")]
public interface ITrainingGrain : IGrainWithStringKey
{
    /// <summary>
    /// Says that a slot of this silo trains under this attempt. The grain tells the coordinators that ask for the training.
    /// </summary>
    [Alias("Begin")]
    Task Begin(int attempt, CancellationToken cancellationToken);

    /// <summary>Says that an epoch which somebody asks for is kept. The coordinators that wait for it are told.</summary>
    [Alias("Advanced")]
    Task Advanced(int attempt, int epoch, CancellationToken cancellationToken);

    /// <summary>
    /// Says that the attempt has ended, with its outcome in the journal. The coordinators are told, and nobody trains here any more.
    /// </summary>
    [Alias("Ended")]
    Task Ended(int attempt, CancellationToken cancellationToken);

    /// <summary>Says that the demands have changed: the training goes on to another epoch, or stops before the next batch.</summary>
    [Alias("DemandChanged")]
    Task DemandChanged(CancellationToken cancellationToken);
}
