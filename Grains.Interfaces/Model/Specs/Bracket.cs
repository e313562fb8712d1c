namespace Grains.Interfaces.Model.Specs;

/// <summary>A kind of block of trials that compete with each other.</summary>
/// <param name="Size">The number of points that begin.</param>
/// <param name="FirstRung">The rung to which they are trained first.</param>
public readonly record struct Bracket(int Size, int FirstRung)
{
    /// <summary>The number of a block's points that go on from a rung.</summary>
    public static int Places(int points, int reduction) => Math.Max(1, points / reduction);

    /// <summary>The blocks of a scheduler that has blocks, one after the other and without end.</summary>
    public static IEnumerable<Bracket> Of(SchedulerKind scheduler, Rungs rungs) => scheduler switch
    {
        SchedulerKind.Screening => Always(new Bracket(int.MaxValue, 0)),
        SchedulerKind.Halving => Always(new Bracket(Power(rungs.Reduction, rungs.Top), 0)),
        SchedulerKind.Hyperband => Hyperband(rungs),
        _ => throw new ArgumentException($"{scheduler} has no blocks.", nameof(scheduler)),
    };

    /// <summary>
    /// Hyperband's blocks in turn (Li et al. 2018, Algorithm 1), from many points on the first rung to a few that are trained to the end
    /// at once: of s_max + 1 kinds, block s has ⌈(s_max + 1) / (s + 1) · reduction^s⌉ points.
    /// </summary>
    private static IEnumerable<Bracket> Hyperband(Rungs rungs)
    {
        int most = rungs.Top;
        while (true)
        {
            for (int s = most; s >= 0; s--)
            {
                long points = ((long)(most + 1) * Power(rungs.Reduction, s) + s) / (s + 1);
                yield return new Bracket((int)Math.Min(points, int.MaxValue), most - s);
            }
        }
    }

    private static IEnumerable<Bracket> Always(Bracket bracket)
    {
        while (true) yield return bracket;
    }

    private static int Power(int factor, int exponent)
    {
        long power = 1;
        for (int i = 0; i < exponent && power < int.MaxValue; i++) power *= factor;
        return (int)Math.Min(power, int.MaxValue);
    }
}
