namespace Grains.Interfaces.Model;

/// <summary>The origin of a training. Up to <paramref name="Epoch"/> it is another training, from whose state it goes on.</summary>
/// <param name="Parent">The recipe of the other training.</param>
/// <param name="Weights">The weights at that epoch.</param>
/// <param name="Optimizer">The optimizer at that epoch.</param>
[GenerateSerializer, Immutable, Alias("Fork")]
public sealed record Fork([property: Id(0)] Digest Parent, [property: Id(1)] int Epoch, [property: Id(2)] Digest Weights,
    [property: Id(3)] Digest Optimizer);

/// <summary>Asks for a trial that goes on from the middle of another, under other settings.</summary>
/// <param name="Trial">The number of the trial to leave.</param>
/// <param name="Epoch">The last epoch that both have in common.</param>
/// <param name="Settings">The settings that change from there, as the inside of a YAML map: learning_rate: 1e-4, dropout: 0.5.</param>
[GenerateSerializer, Immutable, Alias("ForkRequest")]
public sealed record ForkRequest([property: Id(0)] SweepId Sweep, [property: Id(1)] int Trial, [property: Id(2)] int Epoch,
    [property: Id(3)] string Settings);
