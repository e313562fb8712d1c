namespace Grains.Trainings;

/// <summary>The same recipe gave other bits at the same epoch.</summary>
public sealed class NonDeterministicException(string message) : Exception(message);
