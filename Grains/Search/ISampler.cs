namespace Grains.Search;

/// <summary>
/// Proposes points. A sampler is a function of what it is given: the same space, history and ask give the same point, on any silo and after
/// any crash. It has no state, reads no clock, and draws its numbers from the ask's stream.
/// </summary>
public interface ISampler
{
    /// <summary>Proposes the point of one trial.</summary>
    /// <returns>A point of the space, inside every domain and with every condition held.</returns>
    SearchPoint Propose(SearchSpace space, SearchHistory history, Ask ask);
}
