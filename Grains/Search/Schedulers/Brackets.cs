namespace Grains.Search.Schedulers;

/// <summary>The kinds of blocks that <see cref="Cohorts"/> takes for each scheduler, without end.</summary>
public static class Brackets
{
    /// <summary>Blocks from which one point remains: reduction^k points for k rungs below the budget.</summary>
    public static IEnumerable<Cohorts.Bracket> OfHalving(Rungs rungs)
    {
        while (true) yield return new Cohorts.Bracket(Power(rungs.Reduction, rungs.Top), 0);
    }

    /// <summary>
    /// Hyperband's blocks in turn, from many points on the first rung to a few that are trained to the end at once: bracket s of s_max has
    /// ⌈(s_max + 1) / (s + 1) · reduction^s⌉ points.
    /// </summary>
    public static IEnumerable<Cohorts.Bracket> OfHyperband(Rungs rungs)
    {
        int most = rungs.Top;
        while (true)
        {
            for (int s = most; s >= 0; s--)
            {
                long points = ((long)(most + 1) * Power(rungs.Reduction, s) + s) / (s + 1);
                yield return new Cohorts.Bracket((int)Math.Min(points, int.MaxValue), most - s);
            }
        }
    }

    /// <summary>One block of all points (Egele et al. 2023, "Is One Epoch All You Need For Multi-Fidelity Hyperparameter Optimization?").</summary>
    public static IEnumerable<Cohorts.Bracket> OfScreening()
    {
        while (true) yield return new Cohorts.Bracket(int.MaxValue, 0);
    }

    private static int Power(int factor, int exponent)
    {
        long power = 1;
        for (int i = 0; i < exponent && power < int.MaxValue; i++) power *= factor;
        return (int)Math.Min(power, int.MaxValue);
    }
}
