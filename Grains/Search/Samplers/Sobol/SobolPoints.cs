namespace Grains.Search.Samplers.Sobol;

/// <summary>
/// A scrambled sequence over a space. Its scrambling is a function of the seed, a purpose and the names of the dimensions.
/// </summary>
internal sealed class SobolPoints
{
    private readonly Ask _ask;
    private readonly string _purpose;
    private readonly uint[] _scrambles;

    /// <param name="ask">The ask whose seed and index scramble the sequence.</param>
    public SobolPoints(SearchSpace space, Ask ask, string purpose)
    {
        (_ask, _purpose) = (ask with { Try = 0 }, purpose);
        _scrambles = [.. space.Dimensions.Select(d => _ask.Stream($"{purpose} {d.Name}").NextUInt32())];
    }

    /// <summary>The coordinates of a point. Dimensions for which there are no direction numbers are drawn at random.</summary>
    public double[] Unit(int index)
    {
        var unit = new double[_scrambles.Length];
        for (int d = 0; d < unit.Length; d++)
        {
            unit[d] = d < SobolSequence.Dimensions
                ? SobolSequence.Coordinate(index, d, _scrambles[d])
                : (_ask with { Index = index }).Stream($"{_purpose} {d}").NextDouble();
        }
        return unit;
    }
}
