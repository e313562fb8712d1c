namespace Grains.Search;

/// <summary>
/// Decides how far each point is trained. A scheduler is a deterministic program over a board: it takes outcomes in logical order, never
/// asks what has arrived, and so decides the same whatever the slots do.
/// </summary>
public interface IScheduler
{
    /// <summary>Decides all that follows from what the board knows. More knowledge never changes what was decided.</summary>
    void Judge(SearchBoard board);

    /// <summary>
    /// What a sampler may know at a proposal; null while some of that has no outcome yet.
    /// </summary>
    /// <param name="index">The index of the proposal.</param>
    /// <param name="window">The number of proposals before it that it may not know.</param>
    IReadOnlyList<Sighting>? Before(SearchBoard board, int index, int window);
}

/// <summary>A point was seen after so many epochs.</summary>
public readonly record struct Sighting(int Point, int Epochs);
