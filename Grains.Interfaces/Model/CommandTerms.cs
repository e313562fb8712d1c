namespace Grains.Interfaces.Model;

/// <summary>How a program of the user's is run where that determines no number. It stands beside a recipe, as a classifier's images do.</summary>
/// <param name="Timeout">The longest time for one epoch; null for any.</param>
public sealed record CommandTerms(TimeSpan? Timeout);
