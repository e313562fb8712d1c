namespace Grains.Search.Simulation;

/// <summary>What a simulated search came to.</summary>
/// <param name="Seed">The seed of the search.</param>
/// <param name="Trials">The points that were proposed.</param>
/// <param name="Epochs">The epochs that were trained. One that was trained twice after a failure counts twice.</param>
/// <param name="VirtualSeconds">How long it took by the recorded times.</param>
/// <param name="Busy">The share of the slots' time in which they trained, 0..1.</param>
/// <param name="Recorded">The number of points that were recorded themselves. The others were answered by the nearest.</param>
/// <param name="Best">Each improvement among the points that were trained to the end, in virtual time.</param>
/// <param name="Decisions">A name of all that was proposed and decided: equal for equal searches.</param>
public sealed record SimulatedRun(long Seed, int Trials, long Epochs, double VirtualSeconds, double Busy, int Recorded,
    IReadOnlyList<Improvement> Best, string Decisions);

/// <param name="Trials">The points that had been begun.</param>
/// <param name="Epochs">The epochs that had been trained.</param>
/// <param name="Value">The objective.</param>
public sealed record Improvement(int Trials, long Epochs, double Value);
